// From a model folder to a trained classifier. The folder may come from a stranger: everything is checked.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { decodeSafetensors } from "../../formats/safetensors.js";
import { families, familyNames, isFamilyName } from "./families.js";
import type { ModelFiles, TrainedClassifier } from "./family.js";
import { type FolderFacts, folderFactsSchema, folderVersion } from "./folder-facts.js";
import { fileNames } from "./write-folder.js";

export function isModelFolder(folder: string): boolean {
  return existsSync(join(folder, fileNames.facts));
}

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
  const facts = readFacts(folder);
  if (!isFamilyName(facts.family))
    throw new UserError(
      `${join(folder, fileNames.facts)} names the family '${facts.family}', which this version does not know ` +
        `(it knows ${familyNames.join(", ")}). Update columnist or train again.`,
    );
  const weights = join(folder, fileNames.weights);
  const files: ModelFiles = {
    config: facts.model,
    tensors: inFile(weights, () => decodeSafetensors(readFile(folder, fileNames.weights)).tensors),
    ...optional(folder, fileNames.tokenizer, (bytes) => ({ tokenizer: bytes.toString("utf8") })),
    ...optional(folder, fileNames.onnx, (onnx) => ({ onnx })),
  };
  const family = await families[facts.family].load();
  let classifier: TrainedClassifier;
  try {
    classifier = await family.load(files, options);
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${folder}: ${error.message}`, { cause: error }) : error;
  }
  if (classifier.classes !== facts.labels.length)
    throw new UserError(
      `${join(folder, fileNames.facts)} names ${facts.labels.length} labels, but the model has ` +
        `${classifier.classes} classes: the folder is damaged. Copy it again or train again.`,
    );
  return { facts, classifier };
}

/** columnist.json alone, checked. */
export function readFacts(folder: string): FolderFacts {
  if (!existsSync(folder))
    throw new UserError(`There is no model folder '${folder}'. Make one: columnist train <table> --out ${folder}`);
  if (!statSync(folder).isDirectory())
    throw new UserError(`'${folder}' is a file, not a model folder. Name the folder that columnist train wrote.`);
  if (!isModelFolder(folder))
    throw new UserError(
      `'${folder}' is not a model folder: ${fileNames.facts} is missing. Name the folder that columnist train wrote.`,
    );
  const path = join(folder, fileNames.facts);
  const json = parseJson(path, readFile(folder, fileNames.facts).toString("utf8"));
  const version = z.object({ formatVersion: z.number() }).safeParse(json);
  if (version.success && version.data.formatVersion > folderVersion)
    throw new UserError(
      `${path} has format version ${version.data.formatVersion}; this version of columnist reads up to ` +
        `${folderVersion}. Update columnist: npm install columnist@latest`,
    );
  const facts = folderFactsSchema.safeParse(json);
  if (!facts.success) {
    const [issue] = facts.error.issues;
    throw new UserError(
      `${path} is damaged: ${issue.path.join(".") || "its content"}: ${issue.message}. Copy the folder again or ` +
        "train again.",
    );
  }
  return facts.data;
}

export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is damaged: it is not JSON. Copy the folder again or train again.`, { cause: error });
  }
}

function readFile(folder: string, name: string): Buffer {
  const path = join(folder, name);
  if (!existsSync(path))
    throw new UserError(`The model folder '${folder}' lacks ${name}. Copy the whole folder again or train again.`);
  return readFileSync(path);
}

function optional<T>(folder: string, name: string, read: (bytes: Buffer) => T): T | undefined {
  return existsSync(join(folder, name)) ? read(readFile(folder, name)) : undefined;
}

function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path}: ${error.message} Copy the model folder again or train again.`, { cause: error });
  }
}
