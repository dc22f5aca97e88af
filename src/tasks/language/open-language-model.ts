// From what a user calls a model to an open language model: a folder of ours, or one that others have trained.
import { existsSync } from "node:fs";
import { tellFolder } from "../../folders/index.js";
import { findModel } from "../../hub/index.js";
import { isGguf, isPretrained } from "../../networks/hugging-face/folder.js";
import type { PretrainedDecoder } from "../../networks/hugging-face/index.js";
import type { DecoderPrecision } from "../../networks/language/index.js";
import type { LanguageModel, OpenLanguageModelOptions } from "./language-model.js";
import { readLanguageModel } from "./read-folder.js";

export interface OpenedLanguageModel {
  model: LanguageModel;
  /** The columns that it was trained on, where it was a table. */
  textColumns: readonly string[];
  /** Of training, and of what is drawn at random in measuring. */
  seed: number;
}

/**
 * @param name - a folder of ours, one in Hugging Face's layout, a .gguf file, or the id of a model in the Hub's cache
 * @throws UserError when it is none of them, or is damaged, or its architecture is not supported
 * @example
 * const { model } = await openLanguageModel("HuggingFaceTB/SmolLM2-135M-Instruct", { threads: 2 });
 * const [logProbabilities] = await model.logProbabilities([model.tokenizer.encode("Call me")]);
 */
export async function openLanguageModel(name: string, options: OpenLanguageModelOptions): Promise<OpenedLanguageModel> {
  const pretrained = pretrainedPath(name);
  if (pretrained !== undefined) {
    const { pretrainedLanguageModel } = await import("./pretrained-model.js");
    const read = await readPretrained(pretrained, options.precision);
    return { model: pretrainedLanguageModel(read, options), textColumns: [], seed: 0 };
  }
  const { model, facts } = await readLanguageModel(name, options);
  return { model, textColumns: facts.textColumns, seed: facts.options.seed };
}

/** An id, and neither a path nor a name that a folder of ours may have. */
const id = /^[^./~\\][^/\\]*\/[^\\]+$/;

/** Where a model stands that others have trained; undefined for a folder of ours, and for what is not there. */
export function pretrainedPath(name: string): string | undefined {
  if (existsSync(name)) return tellFolder(name) === undefined && isPretrained(name) ? name : undefined;
  return id.test(name) ? findModel(name).path : undefined;
}

async function readPretrained(path: string, precision?: DecoderPrecision): Promise<PretrainedDecoder> {
  const inFloats = precision !== undefined;
  const read = isGguf(path)
    ? (await import("../../networks/gguf/read-gguf-decoder.js")).readGgufDecoder(path, inFloats)
    : (await import("../../networks/hugging-face/index.js")).readDecoder(path);
  if (precision === undefined) return read;
  const { roundWeights, unrounded } = await import("../../networks/language/index.js");
  const floats = unrounded(read.weights);
  return { ...read, weights: precision === "float32" ? floats : roundWeights(floats, precision) };
}
