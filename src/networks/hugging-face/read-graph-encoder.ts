// An encoder that is an ONNX file alone, beside config.json, tokenizer.json and the modules of sentence-transformers. Its network may be
// of any architecture: it is computed as it is, in a process of its own.
import { closeSync, existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { openRegularFile } from "../../base/regular-file.js";
import { inFile } from "../../folders/index.js";
import { loadFramedTokenizer } from "../../text/tokenizers/index.js";
import type { GraphEncoderModel } from "../encoders/graph-encoder.js";
import { moduleName, vectorParameters } from "../encoders/text-vector.js";
import { configName, tokenizerName } from "./folder.js";
import { readJson } from "./json-file.js";
import { checkModules } from "./read-encoder.js";
import { readTokenizerText } from "./read-tokenizer.js";
import { readWeights, sourceOf } from "./read-weights.js";
import { moduleNames, readSentenceModules, type SentenceModules } from "./sentence-transformers.js";
import { openWeightFiles } from "./weight-files.js";

export interface PretrainedGraph extends GraphEncoderModel {
  /** As config.json has it. */
  type: string;
  prompts: SentenceModules["prompts"];
  /** What was read, within the folder. */
  files: string[];
}

const graphs = ["onnx/model.onnx", "model.onnx", "onnx/model_quantized.onnx", "model_quantized.onnx"];
const weights = ["model.safetensors", "model.safetensors.index.json", "0_Transformer/model.safetensors"];
const settings = z.looseObject({
  model_type: z.string().max(100).optional(),
  max_position_embeddings: z.number().min(1).optional(),
});
const lengths = z.looseObject({ model_max_length: z.number().min(1).nullish() });
/** Where nothing tells it, in tokens. */
const usualLength = 512;

/** Whether a folder's network is an ONNX file alone. */
export function isGraphFolder(folder: string): boolean {
  return !weights.some((name) => existsSync(join(folder, name))) && graphOf(folder) !== undefined;
}

const graphOf = (folder: string) => graphs.find((name) => existsSync(join(folder, name)));

/** @throws UserError for files that are missing, damaged, or do not fit each other; the ONNX file is checked where it is run */
export function readGraphEncoder(folder: string): PretrainedGraph {
  const graph = graphOf(folder);
  if (graph === undefined) throw new UserError(`'${folder}' has no ${graphs[0]}. Download the whole model again.`);
  const modules = readSentenceModules(folder);
  const inner = join(folder, modules.transformer);
  const within = (name: string) => (modules.transformer === "" ? name : `${modules.transformer}/${name}`);
  const config = settings.safeParse(readJson(join(inner, configName)) ?? {}).data ?? {};
  const tokenizerJson = readTokenizerText(inner);
  const { lowercase, vector } = modules;
  const { frame } = inFile(join(inner, tokenizerName), () => loadFramedTokenizer(tokenizerJson, { lowercase }));
  const told = lengths.safeParse(readJson(join(inner, "tokenizer_config.json"))).data?.model_max_length ?? undefined;
  const positions = config.max_position_embeddings ?? usualLength;
  const maxLength = Math.floor(Math.min(modules.maxLength ?? told ?? positions, positions));
  if (maxLength <= frame.before.length + frame.after.length)
    throw new UserError(`'${folder}' reads texts of at most ${maxLength} tokens, which leaves none for the text.`);
  const files = [...modules.files, graph];
  for (const name of [configName, tokenizerName, "tokenizer_config.json"].map(within))
    if (existsSync(join(folder, name))) files.push(name);
  const own = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [place, path] of modules.folders.entries()) {
    const specs = vectorParameters(vector).filter(({ name }) => name.startsWith(`${moduleName(place)}/`));
    if (specs.length === 0) continue;
    const opened = openWeightFiles(join(folder, path));
    try {
      const names = moduleNames(vector, place);
      for (const [name, weight] of readWeights(specs, (one) => sourceOf(one, names), opened)) own.set(name, weight);
      files.push(...opened.names.map((name) => `${path}/${name}`));
    } finally {
      opened.close();
    }
  }
  return {
    type: config.model_type ?? "ONNX",
    path: join(folder, graph),
    bytes: sizeOf(join(folder, graph)),
    vector,
    weights: own,
    dimOf: (width) => checkModules(modules, width, folder),
    ...{ tokenizerJson, lowercase, maxLength, files },
    prompts: modules.prompts,
  };
}

function sizeOf(path: string): number {
  const { file, size } = openRegularFile(path);
  closeSync(file);
  return size;
}
