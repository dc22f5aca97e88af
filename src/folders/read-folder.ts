// Opens a folder of a kind: its facts, and that its files are what was written. The folder may come from a stranger.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { checksumsOf } from "./checksums.js";
import { factsName, readFacts } from "./facts-file.js";
import { type FactsOf, type Kind, kinds } from "./kinds.js";

export interface Folder<K extends Kind = Kind> {
  readonly path: string;
  readonly kind: K;
  readonly facts: FactsOf<K>;
}

/**
 * Reads the facts; all files must be there with their sizes. What they hold is checked by `whileChecking`, `readFile`,
 * `checkFolder` or `checkOnce`: one of them before anything is made of a file.
 *
 * @throws UserError when there is no such folder, it is of another kind or version, lacks a file, or is damaged
 * @example
 * const folder = openFolder("model", "text-model");
 * folder.facts.labels;
 */
export function openFolder<K extends Kind>(path: string, ...wanted: [K, ...K[]]): Folder<K> {
  const facts = readFacts(path, wanted);
  for (const [name, { bytes }] of Object.entries(facts.files)) {
    const file = join(path, name);
    const status: Stats | undefined = existsSync(file) ? statSync(file) : undefined;
    if (!status?.isFile())
      throw new UserError(
        `The ${kinds[facts.kind].folder} '${path}' has no ${name}. Copy the whole folder again or create it again.`,
      );
    if (status.size !== bytes) throw damaged(file, `it has ${status.size} bytes, not ${bytes}`);
    if (bytes > mostBytes(name))
      throw damaged(
        file,
        `it has ${bytes.toLocaleString("en")} bytes, and such a file has ${mostBytes(name).toLocaleString("en")} at most`,
      );
  }
  return { path, kind: facts.kind as K, facts: facts as unknown as FactsOf<K> };
}

/** What a file can have: it is read whole, and a file without content of any length costs a stranger nothing. */
function mostBytes(name: string): number {
  if (/\.(json|html)$/.test(name)) return 256 << 20;
  // One ONNX file is one message of protocol buffers.
  if (name.endsWith(".onnx")) return 2 ** 31;
  return name.endsWith(".safetensors") ? 2 ** 36 : Number.POSITIVE_INFINITY;
}

export const hasFile = ({ facts }: Folder, name: string) => Object.hasOwn(facts.files, name);

/** The path of a file. @throws UserError when the folder has none of that name */
export function filePath(folder: Folder, name: string): string {
  if (hasFile(folder, name)) return join(folder.path, name);
  throw new UserError(
    `The ${kinds[folder.kind].folder} '${folder.path}' has no ${name}. Copy the whole folder again or create it again.`,
  );
}

/** One file, checked. @throws UserError when it is damaged or the folder has none of that name */
export function readFile(folder: Folder, name: string): Buffer {
  const path = filePath(folder, name);
  const bytes = readFileSync(path);
  if (createHash("sha256").update(bytes).digest("hex") !== folder.facts.files[name].sha256) throw damaged(path);
  return bytes;
}

/**
 * Does the work of opening while other threads check every file, or those of `names`. What the work found is given only when all are whole;
 * damage is told before what the work has against the files.
 *
 * @throws UserError that names the damaged file
 */
export async function whileChecking<T extends object>(
  folder: Folder,
  work: () => Promise<T>,
  close: (made: T) => Promise<void> = async () => {},
  names?: string[],
): Promise<T> {
  const check = checkFolder(folder, names).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  let made: T;
  try {
    made = await work();
  } catch (error) {
    throw (await check)?.error ?? error;
  }
  const fault = await check;
  if (!fault) return made;
  await close(made);
  throw fault.error;
}

/** Checks some files, or all. @throws UserError that names the first that is damaged */
export async function checkFolder({ path, facts }: Folder, names = Object.keys(facts.files)): Promise<void> {
  const paths = names.map((name) => join(path, name));
  const checksums = await checksumsOf(paths);
  for (const [i, name] of names.entries()) if (checksums[i] !== facts.files[name].sha256) throw damaged(paths[i]);
}

function damaged(path: string, how = "its checksum (SHA-256) does not match"): UserError {
  return new UserError(`${path} is damaged: ${how}. Copy the folder again or create it again.`);
}

/** What `read` has against the content is said of the file at `path`. */
export function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError) || error.message.includes(path)) throw error;
    throw new UserError(`${path}: ${error.spelled(option)}`, { cause: error });
  }
}

/** What a family has against the files is said of their folder. */
export async function inFolder<T>(folder: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof UserError) || error.message.includes(folder)) throw error;
    throw new UserError(`${folder}: ${error.spelled(option)}`, { cause: error });
  }
}

/** What is wrong under `model` in a folder's facts. */
export function wrongModel(what: string): UserError {
  return new UserError(`${factsName} is damaged: ${what}. Copy the folder again or train again.`);
}
