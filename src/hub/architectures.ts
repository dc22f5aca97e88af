// The architectures that Columnist can read, by their names in config.json (model_type) and in GGUF files, and what they are.
import { UserError } from "../base/errors.js";

/** model_type of config.json. */
export const architectures = {
  bert: "encoder",
  distilbert: "encoder",
  roberta: "encoder",
  "xlm-roberta": "encoder",
  mpnet: "encoder",
  modernbert: "encoder",
  gpt2: "decoder",
  llama: "decoder",
  mistral: "decoder",
  qwen2: "decoder",
  qwen3: "decoder",
  model2vec: "static",
} as const satisfies Record<string, "encoder" | "decoder" | "static">;

export type ModelType = keyof typeof architectures;
export type ModelTypeOf<Kind> = {
  [Name in ModelType]: (typeof architectures)[Name] extends Kind ? Name : never;
}[ModelType];

/** general.architecture of a GGUF file. */
export const ggufArchitectures = ["llama", "qwen2", "qwen3"] as const;

export const isModelType = (name: unknown): name is ModelType =>
  typeof name === "string" && Object.hasOwn(architectures, name);

/** The model_type that a config.json tells; undefined where it is no JSON object, or tells none. */
export function modelTypeOf(config: string): string | undefined {
  try {
    const { model_type: type } = JSON.parse(config) as { model_type?: unknown };
    return typeof type === "string" ? type : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Only what is told can be refused: sentence-transformers' own static models have a config.json without a type.
 *
 * @throws UserError where a config.json names an architecture that cannot be read
 */
export function checkArchitecture(name: string, config: string): void {
  const type = modelTypeOf(config);
  if (type !== undefined && !isModelType(type)) throw unknownArchitecture(name, type);
}

export function unknownArchitecture(name: string, type: string): UserError {
  return new UserError(
    `${name} has the architecture '${type}', which columnist cannot read. It reads ${Object.keys(architectures).join(", ")}.`,
  );
}
