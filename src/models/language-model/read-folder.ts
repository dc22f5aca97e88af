// From a model folder to a language model. The folder may come from a stranger: everything is checked.
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { type LanguageTokenizer, loadTokenizer } from "../../text/tokenizers/index.js";
import {
  checkThere,
  fileNames,
  inFile,
  inFolder,
  readFolderFacts,
  readModelFiles,
  unknownFamily,
} from "../folder/index.js";
import { type FamilyName, families, familyNames, isFamilyName } from "./families.js";
import { type FolderFacts, folderFactsSchema } from "./folder-facts.js";
import type { LanguageModel } from "./language-model.js";
import type { NetworkShape, NetworkWeights } from "./network/index.js";
import { readNetwork } from "./network-family.js";

/**
 * @throws UserError when `folder` is no language model's folder, a file of it is missing or damaged, or it was written
 * by a newer version
 * @example
 * const { model } = await readLanguageModel("lm", { threads: 2 });
 * const [logProbabilities] = await model.logProbabilities([model.tokenizer.encode("Call me")]);
 */
export async function readLanguageModel(
  folder: string,
  options: { threads: number },
): Promise<{ facts: FolderFacts & { family: FamilyName }; model: LanguageModel }> {
  const { facts, files, tokenizer } = readFiles(folder);
  const family = await families[facts.family].load();
  const model = await inFolder(folder, () => family.load(files, tokenizer, options));
  if (model.vocabSize !== facts.vocabSize)
    throw new UserError(
      `${join(folder, fileNames.facts)} names ${facts.vocabSize} tokens, but the model has ${model.vocabSize}: the ` +
        "folder is damaged. Copy it again or train again.",
    );
  return { facts, model };
}

/** What fine-tuning takes from a language model. */
export interface PretrainedNetwork {
  shape: NetworkShape;
  weights: NetworkWeights;
  tokenizer: LanguageTokenizer;
}

/**
 * @throws UserError when `folder` is no folder of a pretrained network, or a file of it is missing or damaged
 * @example
 * const { shape, weights } = await readPretrainedNetwork("lm");
 */
export async function readPretrainedNetwork(folder: string): Promise<PretrainedNetwork> {
  const { facts, files, tokenizer } = readFiles(folder);
  if (facts.family === "ngram")
    throw new UserError(
      `'${folder}' is an n-gram model, which cannot be fine-tuned. Pretrain with --model transformer or lstm.`,
    );
  const [shape, weights] = await inFolder(folder, async () => readNetwork(facts.model, files.tensors));
  return { shape, weights, tokenizer };
}

function readFiles(folder: string) {
  const facts = readFolderFacts(folder, "language-model", folderFactsSchema);
  const { family } = facts;
  if (!isFamilyName(family)) throw unknownFamily(folder, family, familyNames);
  checkThere(folder, fileNames.tokenizer);
  const files = readModelFiles(folder, facts.model);
  const tokenizer = inFile(join(folder, fileNames.tokenizer), () => loadTokenizer(files.tokenizer ?? ""));
  return { facts: { ...facts, family }, files, tokenizer };
}
