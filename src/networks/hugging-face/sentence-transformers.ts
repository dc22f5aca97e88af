// The modules of a folder of sentence-transformers: what makes one vector of a text's states, and how texts are read.
// A folder without modules.json gives the mean, as there.
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import {
  isPoolingMode,
  moduleName,
  type PoolingMode,
  poolingModes,
  type TextVectorShape,
  type VectorActivation,
  type VectorModule,
} from "../encoders/text-vector.js";
import type { WeightNames } from "./architecture.js";
import { size } from "./bert.js";
import { checked, readJson } from "./json-file.js";

export interface SentenceModules {
  /** Folder of the Transformer within the model's; "" is the model's own. */
  transformer: string;
  vector: TextVectorShape;
  /** Folders of `vector.modules`, within the model's. */
  folders: string[];
  /** Tokens of a text, where the folder says it. */
  maxLength?: number;
  lowercase: boolean;
  /** What stands before texts by purpose; `usual` where none is named. */
  prompts: { usual: string; query?: string; document?: string };
  /** Files that were read, within the model's folder. */
  files: string[];
}

const modulesName = "modules.json";
const modulesSchema = z
  .array(
    z.looseObject({
      // No way out of the folder.
      path: z.string().regex(/^(?!\.)[\w.-]*$/, "is not the name of a folder"),
      type: z.string(),
    }),
  )
  .min(1)
  .max(64);

const poolingSchema = z.looseObject({
  pooling_mode: z.union([z.string(), z.array(z.string()).min(1).max(16)]).optional(),
  include_prompt: z.boolean().default(true),
});
/** Flags of earlier versions, in the order in which their vectors stand beside each other. */
export const poolingFlags: Record<string, PoolingMode> = {
  pooling_mode_cls_token: "cls",
  pooling_mode_max_tokens: "max",
  pooling_mode_mean_tokens: "mean",
  pooling_mode_mean_sqrt_len_tokens: "mean_sqrt_len_tokens",
  pooling_mode_weightedmean_tokens: "weightedmean",
  pooling_mode_lasttoken: "lasttoken",
};

const denseSchema = z.looseObject({
  in_features: size,
  out_features: size,
  bias: z.boolean().default(true),
  activation_function: z.string().default("torch.nn.modules.activation.Tanh"),
  use_residual: z.boolean().default(false),
});
const denseActivations: Record<string, VectorActivation> = {
  Identity: "identity",
  Tanh: "tanh",
  ReLU: "relu",
  GELU: "gelu",
  Sigmoid: "sigmoid",
  Softmax: "softmax",
  SiLU: "silu",
};

const sentenceSchema = z.looseObject({
  max_seq_length: z.int().min(1).nullish(),
  do_lower_case: z.boolean().default(false),
});
const promptsSchema = z.looseObject({
  prompts: z.record(z.string(), z.string().nullable()).nullish(),
  default_prompt_name: z.string().nullish(),
});

/** @throws UserError for a module or a setting that is not computed here as in Python */
export function readSentenceModules(folder: string): SentenceModules {
  const files: string[] = [];
  const read = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    const path = join(folder, name);
    const json = readJson(path);
    if (json === undefined) return undefined;
    files.push(name);
    return checked(schema, json, path);
  };
  const needed = <T>(name: string, schema: z.ZodType<T>): T => {
    const found = read(name, schema);
    if (found !== undefined) return found;
    throw new UserError(
      `${join(folder, name)} is missing, which ${modulesName} names. Download the whole model again.`,
    );
  };
  const modules = read(modulesName, modulesSchema) ?? [{ path: "", type: "Transformer" }];
  const [{ path: transformer, type: first }, ...rest] = modules.map(({ path, type }) => ({
    path,
    type: lastName(type),
  }));
  if (first !== "Transformer") throw unknownModule(folder, first, ["Transformer"]);
  const pooling: PoolingMode[] = [];
  const after: VectorModule[] = [];
  const folders: string[] = [];
  for (const [at, { path, type }] of rest.entries()) {
    if (type === "Pooling" && at === 0) {
      pooling.push(...readPooling(needed(`${path}/config.json`, poolingSchema), join(folder, path)));
      continue;
    }
    if (type === "Dropout") continue;
    const made = moduleOf(type, folder, (schema) => needed(`${path}/config.json`, schema));
    after.push(made);
    folders.push(path);
  }
  if (pooling.length === 0) pooling.push("mean");
  const inTransformer = (name: string) => (transformer === "" ? name : `${transformer}/${name}`);
  const sentence = read(inTransformer("sentence_bert_config.json"), sentenceSchema);
  return {
    transformer,
    vector: { pooling, modules: after },
    folders,
    maxLength: sentence?.max_seq_length ?? undefined,
    lowercase: sentence?.do_lower_case ?? false,
    prompts: promptsOf(read("config_sentence_transformers.json", promptsSchema)),
    files,
  };
}

function readPooling(config: z.output<typeof poolingSchema>, folder: string): PoolingMode[] {
  if (!config.include_prompt)
    throw new UserError(
      `'${folder}' leaves prompts out of the pooling (include_prompt is false), which is not supported. Use another model.`,
    );
  const flagged = Object.entries(poolingFlags).flatMap(([flag, mode]) => (config[flag] === true ? mode : []));
  const modes = config.pooling_mode === undefined ? flagged : [config.pooling_mode].flat();
  return modes.map((mode) => {
    if (isPoolingMode(mode)) return mode;
    throw new UserError(
      `'${folder}' has the pooling '${mode.slice(0, 60)}', which is not supported (supported: ${poolingModes().join(", ")}). ` +
        "Use another model.",
    );
  });
}

function moduleOf(type: string, folder: string, settings: <T>(schema: z.ZodType<T>) => T): VectorModule {
  if (type === "Normalize") return { kind: "normalize" };
  if (type === "LayerNorm") return { kind: "layerNorm", size: settings(z.looseObject({ dimension: size })).dimension };
  if (type !== "Dense")
    throw unknownModule(folder, type, ["Pooling (first)", "Dense", "LayerNorm", "Normalize", "Dropout"]);
  const { in_features: from, out_features: to, bias, activation_function: name, use_residual } = settings(denseSchema);
  const activation = lastName(name);
  if (!Object.hasOwn(denseActivations, activation))
    throw new UserError(
      `'${folder}' has a Dense module with the activation '${activation.slice(0, 60)}', which is not supported (supported: ` +
        `${Object.keys(denseActivations).join(", ")}). Use another model.`,
    );
  return { kind: "dense", from, to, useBias: bias, activation: denseActivations[activation], residual: use_residual };
}

/** As in "sentence_transformers.models.Pooling"; where the classes stand has changed between versions. */
function lastName(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}

function unknownModule(folder: string, type: string, known: readonly string[]): UserError {
  return new UserError(
    `'${folder}' has the module '${type.slice(0, 60)}' in ${modulesName}, which is not supported there (supported: ` +
      `${known.join(", ")}). Use another model.`,
  );
}

function promptsOf(config: z.output<typeof promptsSchema> | undefined): SentenceModules["prompts"] {
  const { prompts, default_prompt_name: name } = config ?? {};
  const textOf = (key: string) => prompts?.[key] ?? undefined;
  return {
    usual: (name ? textOf(name) : undefined) ?? "",
    query: textOf("query"),
    document: textOf("document") ?? textOf("passage") ?? textOf("corpus"),
  };
}

/** What the weights of a module are called. */
export function moduleNames({ modules }: TextVectorShape, place: number): WeightNames {
  const name = moduleName(place);
  const part = modules[place].kind === "layerNorm" ? "norm" : "linear";
  return { prefix: "", parts: { [name]: part, [`${name}/residual`]: "residual" }, block: "", blockParts: {} };
}
