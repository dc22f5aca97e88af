// What a model folder is: its own words, its results, its files. Loads the model, so that damage shows.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { type Comparison, comparisonSchema } from "../evaluate/index.js";
import { parseJson, taskOf } from "../models/folder/index.js";
import {
  type FolderFacts as LanguageModelFacts,
  families as languageFamilies,
  readLanguageModel,
} from "../models/language-model/index.js";
import { type FolderFacts, families, isFamilyName, readModelFolder } from "../models/text-classifier/index.js";

export interface Inspected {
  folder: string;
  /** The family in half a line. */
  summary: string;
  files: { name: string; bytes: number }[];
}

export interface InspectedClassifier extends Inspected {
  facts: Omit<FolderFacts, "model">;
  comparison: Comparison;
}

export interface InspectedLanguageModel extends Inspected {
  facts: Omit<LanguageModelFacts, "model">;
  /** Tokens that it reads at once, at most; absent where a state carries on. */
  contextLength?: number;
  results: PretrainingResults;
}

export type InspectResult = InspectedClassifier | InspectedLanguageModel;

/** metrics.json of a language model, as far as it is shown. */
const pretrainingResultsSchema = z.object({
  validation: z.object({
    heldOut: z.string(),
    loss: z.number().optional(),
    perplexity: z.number().optional(),
    bitsPerByte: z.number().optional(),
  }),
  steps: z.number().optional(),
  tokens: z.number(),
  seconds: z.number(),
});
export type PretrainingResults = z.infer<typeof pretrainingResultsSchema>;

/**
 * @throws UserError when the folder is no model folder, or a file of it is missing or damaged
 * @example
 * const { facts, files } = await inspectModel("model");
 */
export async function inspectModel(folder: string): Promise<InspectResult> {
  return taskOf(folder) === "language-model" ? inspectLanguageModel(folder) : inspectClassifier(folder);
}

async function inspectClassifier(folder: string): Promise<InspectedClassifier> {
  const { facts, classifier } = await readModelFolder(folder, { threads: 1 });
  await classifier.close();
  const { model, ...own } = facts;
  return {
    folder,
    facts: own,
    summary: isFamilyName(facts.family) ? families[facts.family].summary : facts.family,
    comparison: readResults(folder, comparisonSchema),
    files: filesOf(folder),
  };
}

async function inspectLanguageModel(folder: string): Promise<InspectedLanguageModel> {
  const { facts, model } = await readLanguageModel(folder, { threads: 1 });
  const { contextLength } = model;
  await model.close();
  const { model: _, ...own } = facts;
  return {
    folder,
    facts: own,
    summary: languageFamilies[facts.family].summary,
    contextLength,
    results: readResults(folder, pretrainingResultsSchema),
    files: filesOf(folder),
  };
}

function filesOf(folder: string): Inspected["files"] {
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, bytes: statSync(join(folder, name)).size }));
}

function readResults<Schema extends z.ZodType>(folder: string, schema: Schema): z.output<Schema> {
  const path = join(folder, "metrics.json");
  if (!existsSync(path))
    throw new UserError(`The model folder '${folder}' lacks metrics.json. Copy the whole folder again or train again.`);
  const results = schema.safeParse(parseJson(path, readFileSync(path, "utf8")));
  if (results.success) return results.data;
  const [issue] = results.error.issues;
  throw new UserError(`${path} is damaged: ${issue.path.join(".")}: ${issue.message}. Copy the folder again.`);
}
