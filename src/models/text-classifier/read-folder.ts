// From a model folder to a trained classifier. The folder may come from a stranger: everything is checked.
import { UserError } from "../../base/errors.js";
import { type FactsOf, inFolder, openFolder, unknownFamily, whileChecking } from "../../folders/index.js";
import { isLabelType } from "../../tables/index.js";
import { readModelFiles } from "../model-files.js";
import { families, familyNames, isFamilyName } from "./families.js";
import type { TrainedClassifier } from "./family.js";

/**
 * @throws UserError when `folder` is no model folder, a file of it is missing or damaged, or it was written by another
 * version
 * @example
 * const { facts, classifier } = await readModelFolder("model", { threads: 2 });
 * await classifier.predict(["free entry, call now"]);
 */
export async function readModelFolder(
  path: string,
  options: { threads: number },
): Promise<{ facts: FactsOf<"text-classifier">; classifier: TrainedClassifier }> {
  const folder = openFolder(path, "text-classifier");
  const { facts } = folder;
  const { family: name, labelType } = facts;
  if (!isFamilyName(name)) throw unknownFamily(path, name, familyNames);
  if (labelType !== undefined && !isLabelType(labelType))
    throw new UserError(`'${path}' names '${labelType.slice(0, 60)}', which is not a label type. Train again.`);
  const classifier = await whileChecking(
    folder,
    async () => {
      const files = readModelFiles(folder);
      const family = await families[name].load();
      return inFolder(path, () => family.load(files, options));
    },
    (made) => made.close(),
  );
  if (classifier.classes === facts.labels.length) return { facts, classifier };
  await classifier.close();
  throw new UserError(
    `'${path}' lists ${facts.labels.length} labels, but the model has ${classifier.classes} classes: the folder is ` +
      "damaged. Copy it again or train again.",
  );
}
