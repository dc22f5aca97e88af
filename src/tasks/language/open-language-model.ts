// From what a user calls a model to an open language model: a folder of ours, or one that others have trained.
import { tellFolder } from "../../folders/index.js";
import { isGguf, isPretrained } from "../../networks/hugging-face/folder.js";
import type { LanguageModel } from "./language-model.js";
import { readLanguageModel } from "./read-folder.js";

export interface OpenedLanguageModel {
  model: LanguageModel;
  /** The columns that it was trained on, where it was a table. */
  textColumns: readonly string[];
  /** Of training, and of what is drawn at random in measuring. */
  seed: number;
}

/**
 * @param path - a folder of ours, one in Hugging Face's layout, or a .gguf file
 * @throws UserError when it is none of them, or is damaged, or its architecture is not supported
 * @example
 * const { model } = await openLanguageModel("models/SmolLM2-135M-Instruct", { threads: 2 });
 * const [logProbabilities] = await model.logProbabilities([model.tokenizer.encode("Call me")]);
 */
export async function openLanguageModel(path: string, options: { threads: number }): Promise<OpenedLanguageModel> {
  if (tellFolder(path) === undefined && isPretrained(path)) {
    const { pretrainedLanguageModel } = await import("./pretrained-model.js");
    return { model: pretrainedLanguageModel(await readPretrained(path), options), textColumns: [], seed: 0 };
  }
  const { model, facts } = await readLanguageModel(path, options);
  return { model, textColumns: facts.textColumns, seed: facts.options.seed };
}

async function readPretrained(path: string) {
  if (isGguf(path)) return (await import("../../networks/gguf/read-gguf-decoder.js")).readGgufDecoder(path);
  return (await import("../../networks/hugging-face/index.js")).readDecoder(path);
}
