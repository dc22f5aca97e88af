// What a model folder is: its own words, its results, its files. Loads the model, so that damage shows.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../base/errors.js";
import { type Comparison, comparisonSchema } from "../evaluate/index.js";
import { parseJson } from "../models/folder/index.js";
import { type FolderFacts, families, isFamilyName, readModelFolder } from "../models/text-classifier/index.js";

export interface InspectResult {
  folder: string;
  facts: Omit<FolderFacts, "model">;
  /** The family in half a line. */
  summary: string;
  comparison: Comparison;
  files: { name: string; bytes: number }[];
}

/** @throws UserError when the folder is no model folder, or a file of it is missing or damaged */
export async function inspectModel(folder: string): Promise<InspectResult> {
  const { facts, classifier } = await readModelFolder(folder, { threads: 1 });
  await classifier.close();
  const { model, ...own } = facts;
  return {
    folder,
    facts: own,
    summary: isFamilyName(facts.family) ? families[facts.family].summary : facts.family,
    comparison: readComparison(folder),
    files: readdirSync(folder)
      .sort()
      .map((name) => ({ name, bytes: statSync(join(folder, name)).size })),
  };
}

function readComparison(folder: string): Comparison {
  const path = join(folder, "metrics.json");
  if (!existsSync(path))
    throw new UserError(`The model folder '${folder}' lacks metrics.json. Copy the whole folder again or train again.`);
  const comparison = comparisonSchema.safeParse(parseJson(path, readFileSync(path, "utf8")));
  if (comparison.success) return comparison.data;
  const [issue] = comparison.error.issues;
  throw new UserError(`${path} is damaged: ${issue.path.join(".")}: ${issue.message}. Copy the folder again.`);
}
