// columnist.json: what every model folder says of itself. Its task decides what else stands in it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { fileNames, parseJson } from "./files.js";

/** Raised when a reader of the old layout would misread the new one. */
export const folderVersion = 1;

/** The tasks, with words for people. */
const tasks = {
  "text-classifier": { noun: "a text classifier", made: "columnist train", uses: "predict, evaluate or inspect" },
  "language-model": { noun: "a language model", made: "columnist pretrain", uses: "perplexity, score or generate" },
} as const;

export type Task = keyof typeof tasks;

/** Texts from a stranger's file, with a bound. */
export const factText = z.string().max(10_000_000);

/** The fields that stand in every columnist.json; a task adds its own. */
export const commonFacts = {
  formatVersion: z.literal(folderVersion),
  /** The version that wrote it. */
  columnist: z.string(),
  family: z.string(),
  /** Numbers that training found. */
  parameters: z.number(),
  /** The family's own part. */
  model: z.unknown(),
};

export function isModelFolder(folder: string): boolean {
  return existsSync(join(folder, fileNames.facts));
}

/**
 * columnist.json alone, checked.
 *
 * @throws UserError when `folder` is no model folder, one for another task, damaged, or written by a newer version
 */
export function readFolderFacts<Schema extends z.ZodType>(
  folder: string,
  task: Task,
  schema: Schema,
): z.output<Schema> {
  const { made } = tasks[task];
  const { path, json } = readFacts(folder, made);
  const other = z.object({ task: z.enum(Object.keys(tasks) as Task[]) }).safeParse(json);
  if (other.success && other.data.task !== task)
    throw new UserError(
      `'${folder}' holds ${tasks[other.data.task].noun}, not ${tasks[task].noun}. Use it with columnist ` +
        `${tasks[other.data.task].uses}, or name a folder that ${made} wrote.`,
    );
  const facts = schema.safeParse(json);
  if (facts.success) return facts.data;
  const [issue] = facts.error.issues;
  throw new UserError(
    `${path} is damaged: ${issue.path.join(".") || "its content"}: ${issue.message}. Copy the folder again or ` +
      "train again.",
  );
}

/**
 * What the folder's model does.
 *
 * @throws UserError as readFolderFacts does
 */
export function taskOf(folder: string): Task {
  const { path, json } = readFacts(folder, "columnist train or pretrain");
  const facts = z.object({ task: z.enum(Object.keys(tasks) as Task[]) }).safeParse(json);
  if (facts.success) return facts.data.task;
  throw new UserError(
    `${path} names no task that this version knows (${Object.keys(tasks).join(", ")}). Copy the folder again, or update columnist.`,
  );
}

/** @param made the command that makes such a folder */
function readFacts(folder: string, made: string): { path: string; json: unknown } {
  if (!existsSync(folder))
    throw new UserError(`There is no model folder '${folder}'. Make one: ${made} <table> --out ${folder}`);
  if (!statSync(folder).isDirectory())
    throw new UserError(`'${folder}' is a file, not a model folder. Name the folder that ${made} wrote.`);
  if (!isModelFolder(folder))
    throw new UserError(
      `'${folder}' is not a model folder: ${fileNames.facts} is missing. Name the folder that ${made} wrote.`,
    );
  const path = join(folder, fileNames.facts);
  const json = parseJson(path, readFileSync(path, "utf8"));
  const version = z.object({ formatVersion: z.number() }).safeParse(json);
  if (version.success && version.data.formatVersion > folderVersion)
    throw new UserError(
      `${path} has format version ${version.data.formatVersion}; this version of columnist reads up to ` +
        `${folderVersion}. Update columnist: npm install columnist@latest`,
    );
  return { path, json };
}

/** @throws UserError: `columnist.json` names a family that is not in the table */
export function unknownFamily(folder: string, family: string, known: readonly string[]): UserError {
  return new UserError(
    `${join(folder, fileNames.facts)} names the family '${family}', which this version does not know ` +
      `(it knows ${known.join(", ")}). Update columnist or train again.`,
  );
}

/** What a family has against the files is said of their folder. */
export async function inFolder<T>(folder: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${folder}: ${error.message}`, { cause: error }) : error;
  }
}
