// From a model folder to a language model. The folder may come from a stranger: everything is checked.
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { loadTokenizer } from "../../text/tokenizers/index.js";
import {
  checkThere,
  fileNames,
  inFile,
  inFolder,
  readFolderFacts,
  readModelFiles,
  unknownFamily,
} from "../folder/index.js";
import { families, familyNames, isFamilyName } from "./families.js";
import { type FolderFacts, folderFactsSchema } from "./folder-facts.js";
import type { LanguageModel } from "./language-model.js";

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
): Promise<{ facts: FolderFacts; model: LanguageModel }> {
  const facts = readFolderFacts(folder, "language-model", folderFactsSchema);
  if (!isFamilyName(facts.family)) throw unknownFamily(folder, facts.family, familyNames);
  checkThere(folder, fileNames.tokenizer);
  const files = readModelFiles(folder, facts.model);
  const tokenizer = inFile(join(folder, fileNames.tokenizer), () => loadTokenizer(files.tokenizer ?? ""));
  const family = await families[facts.family].load();
  const model = await inFolder(folder, () => family.load(files, tokenizer, options));
  if (model.vocabSize !== facts.vocabSize)
    throw new UserError(
      `${join(folder, fileNames.facts)} names ${facts.vocabSize} tokens, but the model has ${model.vocabSize}: the ` +
        "folder is damaged. Copy it again or train again.",
    );
  return { facts, model };
}
