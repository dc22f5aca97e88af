// A decoder in Hugging Face's layout: config.json, model.safetensors, tokenizer.json, and the files that say how texts begin and
// end. The folder may come from a stranger: nothing in it is run, and everything is checked.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { readSmallFile } from "../../base/regular-file.js";
import { inFile } from "../../folders/index.js";
import type { BlockMatrix } from "../../formats/block-matrix.js";
import type { ParameterSpec } from "../../nn/index.js";
import type { ChatTemplate } from "../../text/chat/index.js";
import { type FramedTokenizer, loadFramedTokenizer } from "../../text/tokenizers/index.js";
import { tokenTableName } from "../language/build-network.js";
import type { DecoderWeights } from "../language/decoder-weights.js";
import { parameterSpecs } from "../language/network-parameters.js";
import type { TransformerShape } from "../language/shape.js";
import type { WeightNames } from "./architecture.js";
import { decoderArchitecture } from "./decoder-architectures.js";
import { configName, tokenizerName } from "./folder.js";
import { checked, readJson } from "./json-file.js";
import { packedBits, packedFiles } from "./packed-blocks.js";
import { readTokenizerText } from "./read-tokenizer.js";
import { type FoundTensor, readWeights, sourceOf } from "./read-weights.js";
import { openWeightFiles, type WeightFiles } from "./weight-files.js";

export interface PretrainedDecoder {
  /** As in config.json, or a GGUF file's general.architecture. */
  type: string;
  shape: TransformerShape;
  weights: DecoderWeights;
  tokenizer: FramedTokenizer;
  /** The token that stands before a text of which nothing is written. */
  beginId: number;
  /** Each of them ends a text. */
  endIds: readonly number[];
  chat?: ChatTemplate;
}

const id = z.int().min(0);
const ids = z.union([id.transform((one) => [one]), z.array(id)]).nullish();
const special = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]);

const generationConfig = z.looseObject({ bos_token_id: id.nullish(), eos_token_id: ids });
const tokenizerConfig = z.looseObject({
  bos_token: special.nullish(),
  eos_token: special.nullish(),
  chat_template: z.union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))]).nullish(),
});

/**
 * @throws UserError for an architecture or a setting that is not supported, for an encoder, and for files that are missing,
 * damaged, or do not fit each other
 * @example
 * const { shape, weights } = readDecoder("models/SmolLM2-135M-Instruct");
 */
export function readDecoder(folder: string): PretrainedDecoder {
  const configPath = join(folder, configName);
  const config = readJson(configPath);
  if (config === undefined)
    throw new UserError(
      `'${folder}' has no ${configName}. Specify the folder of a model in Hugging Face's layout: ${configName}, ` +
        `model.safetensors and ${tokenizerName}.`,
    );
  const { model_type: modelType } = checked(z.looseObject({ model_type: z.unknown().optional() }), config, configPath);
  const { type, architecture } = decoderArchitecture(modelType, folder);
  const shape = architecture.shape(config, configPath);
  const tokenizer = inFile(join(folder, tokenizerName), () => loadFramedTokenizer(readTokenizerText(folder)));
  checkIds(tokenizer, shape, join(folder, tokenizerName), configPath);
  const ends = readEnds(folder, config, configPath, tokenizer, shape);
  const isPacked = packedBits(config, configPath) !== undefined;
  const opened = openWeightFiles(folder);
  try {
    const { files, readBlocks } = isPacked ? packedFiles(opened) : { files: opened, readBlocks: undefined };
    const weights = readDecoderWeights(shape, architecture.names, files, folder, readBlocks);
    return { type, shape, weights, tokenizer, ...ends };
  } finally {
    opened.close();
  }
}

/**
 * All parameters of the network, whatever stands before their names in the files.
 *
 * @param readBlocks - reads matrices that stay as they are in the file; undefined for others
 */
export function readDecoderWeights(
  shape: TransformerShape,
  names: WeightNames,
  files: WeightFiles,
  path: string,
  readBlocks: (found: FoundTensor, parameter: ParameterSpec) => BlockMatrix | undefined = () => undefined,
): DecoderWeights {
  const [table] = sourceOf(tokenTableName, names).names;
  const before = !files.shapes.has(table) && files.shapes.has(names.prefix + table) ? names.prefix : "";
  const source = (name: string) => sourceOf(name, names);
  return inFile(path, () => readWeights(parameterSpecs(shape), source, files, before, readBlocks));
}

/** @throws UserError where the tokenizer gives ids that have no vector */
export function checkIds(
  { tokenizer, frame }: FramedTokenizer,
  shape: TransformerShape,
  tokenizerPath: string,
  configPath: string,
): void {
  const largest = Math.max(tokenizer.vocabSize - 1, ...frame.before, ...frame.after);
  if (largest < shape.vocabSize) return;
  throw new UserError(
    `${tokenizerPath} gives ids up to ${largest}, but ${configPath} has vectors for ${shape.vocabSize} tokens ` +
      "(vocab_size). They belong to different models: download both again.",
  );
}

/** How texts begin and end: by generation_config.json, config.json and tokenizer_config.json, the first that says it. */
function readEnds(
  folder: string,
  config: unknown,
  configPath: string,
  { tokenizer }: FramedTokenizer,
  { vocabSize }: TransformerShape,
): Pick<PretrainedDecoder, "beginId" | "endIds" | "chat"> {
  const optional = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    const json = readJson(join(folder, name));
    return json === undefined ? undefined : checked(schema, json, join(folder, name));
  };
  const generation = optional("generation_config.json", generationConfig);
  const own = checked(generationConfig, config, configPath);
  const named = optional("tokenizer_config.json", tokenizerConfig);
  const idOf = (token: string | null | undefined) => (token ? tokenizer.tokenToId(token) : undefined);
  const [begin, end] = [idOf(named?.bos_token), idOf(named?.eos_token)];
  const endIds =
    generation?.eos_token_id ??
    own.eos_token_id ??
    [end ?? tokenizer.roles.endOfText].filter((one) => one !== undefined);
  const beginId = generation?.bos_token_id ?? own.bos_token_id ?? begin ?? endIds[0] ?? 0;
  for (const one of [beginId, ...endIds])
    if (one >= vocabSize)
      throw new UserError(
        `'${folder}' begins or ends texts with the token ${one}, but the model has ${vocabSize} tokens (vocab_size). ` +
          "Download the model again.",
      );
  const template = readTemplate(folder, named?.chat_template);
  return {
    beginId,
    endIds,
    ...(template !== undefined && {
      chat: { template, beginToken: named?.bos_token ?? "", endToken: named?.eos_token ?? "" },
    }),
  };
}

/** No template is longer, in characters. */
export const longestTemplate = 1 << 20;

function readTemplate(folder: string, given: z.output<typeof tokenizerConfig>["chat_template"]): string | undefined {
  const path = join(folder, "chat_template.jinja");
  const template = existsSync(path)
    ? readSmallFile(path, 4 * longestTemplate).toString("utf8")
    : typeof given === "string"
      ? given
      : (given?.find(({ name }) => name === "default") ?? given?.[0])?.template;
  if (template !== undefined && template.length > longestTemplate)
    throw new UserError(
      `'${folder}' has a chat template of ${template.length} characters, too many for one. Download the model again.`,
    );
  return template || undefined;
}
