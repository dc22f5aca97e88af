// An encoder in Hugging Face's layout: config.json, model.safetensors, tokenizer.json, and where there are some the modules
// of sentence-transformers. The folder may come from a stranger: nothing in it is run, and everything is checked.
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { inFile } from "../../folders/index.js";
import { input } from "../../graph/index.js";
import { graphBuild, type ParameterSpec } from "../../nn/index.js";
import { type FramedTokenizer, loadFramedTokenizer } from "../../text/tokenizers/index.js";
import { buildEncoder, encoderTable } from "../encoders/build-encoder.js";
import { type EncoderWeights, isEightBit } from "../encoders/eight-bit.js";
import type { EncoderShape } from "../encoders/shape.js";
import { moduleName, type TextVectorShape, vectorParameters, vectorSize } from "../encoders/text-vector.js";
import type { QuantizedMatrix } from "../quantized-weights.js";
import { type EncoderType, encoderArchitecture } from "./encoder-architectures.js";
import { configName, tokenizerName } from "./folder.js";
import { checked, readJson } from "./json-file.js";
import { checkQuantization, isQuantized, readQuantized } from "./read-quantized.js";
import { readTokenizerText } from "./read-tokenizer.js";
import { findTensor, readWeights, sourceOf, type WeightSource } from "./read-weights.js";
import { moduleNames, readSentenceModules, type SentenceModules } from "./sentence-transformers.js";
import { openWeightFiles } from "./weight-files.js";

/** What products are computed with. int8: matrices and what they are multiplied with in 8 bits. */
export type Precision = "float32" | "int8";

export interface PretrainedEncoder extends EncoderWeights {
  type: EncoderType;
  shape: EncoderShape;
  vector: TextVectorShape;
  /** Numbers of a vector. */
  dim: number;
  /** The text of tokenizer.json. */
  tokenizerJson: string;
  tokenizer: FramedTokenizer;
  lowercase: boolean;
  /** Tokens of a text that are read, special ones included. */
  maxLength: number;
  prompts: SentenceModules["prompts"];
  /** Whether the folder has it in 8 bits. */
  isStoredInEightBits: boolean;
  /** The folder of the Transformer within the model's; "" is the model's own. */
  transformer: string;
  /** What was read, within the folder: all that another folder needs to be the same encoder. */
  files: string[];
}

/**
 * @param precision - int8 brings the matrices to 8 bits as they are read; those of a folder in 8 bits always stay so
 * @throws UserError for an architecture or a setting that is not supported, for a decoder, and for files that are missing,
 * damaged, or do not fit each other
 * @example
 * const { shape, weights } = readEncoder("models/all-MiniLM-L6-v2");
 */
export function readEncoder(folder: string, precision: Precision = "float32"): PretrainedEncoder {
  const modules = readSentenceModules(folder);
  const within = (name: string) => (modules.transformer === "" ? name : `${modules.transformer}/${name}`);
  const inner = join(folder, modules.transformer);
  const configPath = join(inner, configName);
  const config = readJson(configPath);
  if (config === undefined)
    throw new UserError(
      `'${inner}' has no ${configName}. Specify the folder of a model in Hugging Face's layout: ${configName}, ` +
        `model.safetensors and ${tokenizerName}.`,
    );
  const { model_type: modelType } = checked(z.looseObject({ model_type: z.unknown().optional() }), config, configPath);
  const { type, architecture } = encoderArchitecture(modelType, folder);
  checkQuantization(config, configPath);
  const shape = architecture.shape(config, configPath);
  checkShape(shape, configPath);
  const parameters = buildEncoder(shape, { ids: input("ids", [1, 2], "int32") }, graphBuild(false)).parameters;
  const dim = checkModules(modules, shape.width, folder);
  const tokenizerJson = readTokenizerText(inner);
  const { lowercase } = modules;
  const tokenizer = inFile(join(inner, tokenizerName), () => loadFramedTokenizer(tokenizerJson, { lowercase }));
  const largest = Math.max(tokenizer.tokenizer.vocabSize - 1, ...tokenizer.frame.before, ...tokenizer.frame.after);
  if (largest >= shape.vocabSize)
    throw new UserError(
      `${join(inner, tokenizerName)} gives ids up to ${largest}, but ${configPath} has vectors for ${shape.vocabSize} tokens ` +
        "(vocab_size). They belong to different models: download both again.",
    );
  const files = [...modules.files, within(configName), within(tokenizerName)];
  const lengthFile = "tokenizer_config.json";
  const lengths = readJson(join(inner, lengthFile));
  const told = z.looseObject({ model_max_length: z.number().min(1).nullish() }).safeParse(lengths)
    .data?.model_max_length;
  if (lengths !== undefined) files.push(within(lengthFile));
  const maxLength = Math.min(shape.maxLength, Math.floor(modules.maxLength ?? told ?? Infinity));
  if (maxLength <= tokenizer.frame.before.length + tokenizer.frame.after.length)
    throw new UserError(
      `'${folder}' reads texts of at most ${maxLength} tokens, special ones included, which leaves none for the text. ` +
        "Download the model again.",
    );
  const { names } = architecture;
  const [table] = sourceOf(encoderTable, names).names;
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  const quantized = new Map<string, QuantizedMatrix>();
  let isStoredInEightBits = false;
  const readFrom = (path: string, specs: readonly ParameterSpec[], source: (name: string) => WeightSource) => {
    if (specs.length === 0) return;
    const opened = openWeightFiles(join(folder, path));
    try {
      const before = !opened.shapes.has(table) && opened.shapes.has(names.prefix + table) ? names.prefix : "";
      inFile(join(folder, path), () => {
        const isStored = (spec: ParameterSpec) => isQuantized(opened, findTensor(spec, source, opened, before).tensor);
        const stored = specs.filter((spec) => isEightBit(spec.name) && isStored(spec));
        if (stored.length > 0) isStoredInEightBits = true;
        const inEightBits = precision === "int8" ? specs.filter(({ name }) => isEightBit(name)) : stored;
        const others = specs.filter((spec) => !inEightBits.includes(spec));
        for (const [name, matrix] of readQuantized(inEightBits, source, opened, before)) quantized.set(name, matrix);
        for (const [name, weight] of readWeights(others, source, opened, before)) weights.set(name, weight);
      });
      files.push(...opened.names.map((name) => (path === "" ? name : `${path}/${name}`)));
    } finally {
      opened.close();
    }
  };
  readFrom(modules.transformer, parameters, (name) => sourceOf(name, names));
  for (const [place, path] of modules.folders.entries()) {
    const own = vectorParameters(modules.vector).filter(({ name }) => name.startsWith(`${moduleName(place)}/`));
    readFrom(path, own, (name) => sourceOf(name, moduleNames(modules.vector, place)));
  }
  const { vector, prompts, transformer } = modules;
  return {
    ...{ type, shape, vector, dim, tokenizerJson, tokenizer, lowercase, maxLength, prompts, transformer, files },
    ...{ weights, isStoredInEightBits, ...(quantized.size > 0 && { quantized }) },
  };
}

/** What the parts of the graph would say of themselves, in the words of the file. */
function checkShape({ width, heads, rotaryBases }: EncoderShape, path: string): void {
  if (width % heads !== 0 || (rotaryBases && (width / heads) % 2 !== 0))
    throw new UserError(
      `${path} is not valid: ${heads} attention heads do not divide the width ${width}. Download it again.`,
    );
}

/** What the modules make of the width. @throws UserError where they do not fit it */
export function checkModules({ vector, folders }: SentenceModules, width: number, folder: string): number {
  let size = vectorSize({ ...vector, modules: [] }, width);
  for (const [place, module] of vector.modules.entries()) {
    const taken = module.kind === "dense" ? module.from : module.kind === "layerNorm" ? module.size : size;
    if (taken !== size)
      throw new UserError(
        `${join(folder, folders[place], configName)} is not valid: the module takes ${taken} numbers, but gets ${size}. ` +
          "Download the model again.",
      );
    if (module.kind === "dense") size = module.to;
  }
  return size;
}
