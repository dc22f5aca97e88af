// From a model folder to a language model. The folder may come from a stranger: everything is checked.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import {
  type FactsOf,
  type Folder,
  filePath,
  inFile,
  inFolder,
  openFolder,
  unknownFamily,
  whileChecking,
} from "../../folders/index.js";
import { fileNames, readModelFiles } from "../../folders/model-files.js";
import type { LanguageNetworkShape, NetworkWeights } from "../../networks/language/index.js";
import { loadTokenizer, type Tokenizer } from "../../text/tokenizers/index.js";
import {
  isLanguageModelFamilyName,
  type LanguageModelFamilyName,
  languageModelFamilies,
  languageModelFamilyNames,
} from "./families.js";
import type { LanguageModel, OpenLanguageModelOptions } from "./language-model.js";
import { readNetwork } from "./network-model.js";

/**
 * @throws UserError when `folder` is not a language model's folder, a file is missing or damaged, or it was written
 * by another version
 * @example
 * const { model } = await readLanguageModel("lm", { threads: 2 });
 * const [logProbabilities] = await model.logProbabilities([model.tokenizer.encode("Call me")]);
 */
export async function readLanguageModel(
  path: string,
  options: OpenLanguageModelOptions,
): Promise<{ facts: FactsOf<"language-model"> & { family: LanguageModelFamilyName }; model: LanguageModel }> {
  const { folder, family: name } = openNamed(path);
  const { facts } = folder;
  const model = await whileChecking(
    folder,
    async () => {
      const { files, tokenizer } = readFiles(folder);
      const family = await languageModelFamilies[name].load();
      return inFolder(path, () => family.load(files, tokenizer, options));
    },
    (made) => made.close(),
  );
  if (model.vocabSize === facts.vocabSize) return { facts: { ...facts, family: name }, model };
  await model.close();
  throw new UserError(
    `'${path}' says ${facts.vocabSize} tokens, but the model has ${model.vocabSize}: the folder is damaged. Copy it ` +
      "again or train again.",
  );
}

/** The parts of a language model used in fine-tuning. */
export interface PretrainedNetwork {
  shape: LanguageNetworkShape;
  weights: NetworkWeights;
  tokenizer: Tokenizer;
}

/**
 * @throws UserError when `folder` is not the folder of a pretrained network, or a file is missing or damaged
 * @example
 * const { shape, weights } = await readPretrainedNetwork("lm");
 */
export async function readPretrainedNetwork(path: string): Promise<PretrainedNetwork> {
  const { folder, family } = openNamed(path);
  if (family === "ngram")
    throw new UserError(
      `'${path}' is an n-gram model, which cannot be fine-tuned. Pretrain with ${option("model")} transformer or lstm.`,
    );
  return whileChecking(folder, async () => {
    const { files, tokenizer } = readFiles(folder);
    const [shape, weights] = await inFolder(path, async () => readNetwork(folder.facts.model, files.tensors));
    return { shape, weights, tokenizer };
  });
}

function openNamed(path: string): { folder: Folder<"language-model">; family: LanguageModelFamilyName } {
  const folder = openFolder(path, "language-model");
  const { family } = folder.facts;
  if (!isLanguageModelFamilyName(family)) throw unknownFamily(path, family, languageModelFamilyNames);
  return { folder, family };
}

function readFiles(folder: Folder<"language-model">) {
  const path = filePath(folder, fileNames.tokenizer);
  const files = readModelFiles(folder);
  return { files, tokenizer: inFile(path, () => loadTokenizer(files.tokenizer ?? "")) };
}
