// From a model folder to a trained classifier. The folder may come from a stranger: everything is checked.
import { UserError } from "../../base/errors.js";
import { type FactsOf, inFolder, openFolder, unknownFamily, whileChecking } from "../../folders/index.js";
import { readModelFiles } from "../../folders/model-files.js";
import { labelTypePattern } from "../../tables/index.js";
import { classifierFamilies, classifierFamilyNames, isClassifierFamilyName } from "./families.js";
import type { TrainedClassifier } from "./family.js";

/**
 * @throws UserError when `folder` is no model folder, a file of it is missing or damaged, or it was written by another
 * version
 * @example
 * const { facts, classifier } = await readModelFolder("model", { threads: 2 });
 * await classifier.predict(["free entry, call now"]);
 */
export async function readClassifier(
  path: string,
  options: { threads: number },
): Promise<{ facts: FactsOf<"text-classifier">; classifier: TrainedClassifier }> {
  const folder = openFolder(path, "text-classifier");
  const { facts } = folder;
  const { family: name, labelType } = facts;
  if (!isClassifierFamilyName(name)) throw unknownFamily(path, name, classifierFamilyNames);
  if (labelType !== undefined && !labelTypePattern.test(labelType))
    throw new UserError(`'${path}' names '${labelType.slice(0, 60)}', which is not a label type. Train again.`);
  const classifier = await whileChecking(
    folder,
    async () => {
      const files = readModelFiles(folder);
      const family = await classifierFamilies[name].load();
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
