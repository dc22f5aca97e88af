// From a model folder to a trained classifier. The folder may come from a stranger: everything is checked.
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { fileNames, inFolder, readFolderFacts, readModelFiles, unknownFamily } from "../folder/index.js";
import { families, familyNames, isFamilyName } from "./families.js";
import type { TrainedClassifier } from "./family.js";
import { type FolderFacts, folderFactsSchema } from "./folder-facts.js";

/**
 * @throws UserError when `folder` is no model folder, a file of it is missing or damaged, or it was written by a newer
 * version
 * @example
 * const { facts, classifier } = await readModelFolder("model", { threads: 2 });
 * await classifier.predict(["free entry, call now"]);
 */
export async function readModelFolder(
  folder: string,
  options: { threads: number },
): Promise<{ facts: FolderFacts; classifier: TrainedClassifier }> {
  const facts = readFolderFacts(folder, "text-classifier", folderFactsSchema);
  if (!isFamilyName(facts.family)) throw unknownFamily(folder, facts.family, familyNames);
  const files = readModelFiles(folder, facts.model);
  const family = await families[facts.family].load();
  const classifier = await inFolder(folder, () => family.load(files, options));
  if (classifier.classes !== facts.labels.length)
    throw new UserError(
      `${join(folder, fileNames.facts)} names ${facts.labels.length} labels, but the model has ` +
        `${classifier.classes} classes: the folder is damaged. Copy it again or train again.`,
    );
  return { facts, classifier };
}
