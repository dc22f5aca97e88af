// Writes folders of a kind: filled aside, sealed with the checksums of their files, then put in place whole.
import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeFileWhole, writeFolderWhole } from "../base/atomic.js";
import { packageVersion } from "../base/package-version.js";
import { bytesOf, manyBytes, marksName, marksOf, writeMarks } from "./check-once.js";
import { checksumsOf } from "./checksums.js";
import { factsName, writeFacts } from "./facts-file.js";
import { checkKind } from "./folder-out.js";
import { type FileFacts, formatVersion, type Kind, kinds, type OwnFacts } from "./kinds.js";
import type { Folder } from "./read-folder.js";

type Fill = (folder: string) => Promise<void> | void;

export interface WriteFolderOptions {
  /** See originOf. */
  origin?: string;
  /** Readers use `checkOnce`: files written here count as checked. */
  marks?: boolean;
}

/**
 * What stood at `path` is replaced in one go; files in it that are not its own stay. Facts that `fill` finds out are given
 * as a function, which is called after it.
 *
 * @throws UserError when a folder of another kind, or no folder of Columnist, has come to stand there
 * @example
 * await writeFolder("vectors", "word-vectors", facts, (folder) => writeFileSync(join(folder, "vocabulary.json"), "[]"));
 */
export async function writeFolder<K extends Kind>(
  path: string,
  kind: K,
  facts: OwnFacts<K> | (() => OwnFacts<K>),
  fill: Fill,
  options: WriteFolderOptions = {},
): Promise<void> {
  await writeFolderWhole(
    path,
    async (aside) => {
      await fill(aside);
      await sealFolder(aside, kind, typeof facts === "function" ? facts() : facts, options);
      checkKind(path, kind);
    },
    (name) => name !== factsName && name !== marksName && !kinds[kind].owns.test(name),
  );
}

/** A folder inside one that is being written. */
export async function writePart<K extends Kind>(
  path: string,
  kind: K,
  facts: OwnFacts<K>,
  fill: Fill,
  options: WriteFolderOptions = {},
): Promise<void> {
  mkdirSync(path);
  await fill(path);
  await sealFolder(path, kind, facts, options);
}

/** A folder with its own files, as a part of one that is being written. */
export function copyPart({ path, facts }: Folder, target: string): void {
  copyFiles(path, [factsName, ...Object.keys(facts.files)], target);
}

/** Of files that `copyFiles` copies. */
export function bytesOfFiles({ folder, files }: { folder: string; files: readonly string[] }): number {
  return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** Some files of a folder that is not one of ours, as a part of one that is being written, which then guards them. */
export function copyFiles(from: string, names: readonly string[], target: string): void {
  mkdirSync(target, { recursive: true });
  for (const name of names) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    // Where the file system can, both share the bytes until one is changed.
    copyFileSync(join(from, name), join(target, name), constants.COPYFILE_FICLONE);
  }
}

/** Some of a folder's facts, written anew; its files stay as they are. */
export function changeFacts<K extends Kind>({ path, facts }: Folder<K>, changed: Partial<OwnFacts<K>>): void {
  writeFacts(path, { ...facts, ...changed });
}

/**
 * A text as one more of a folder's own files. Until its facts list it, it counts for nothing.
 *
 * @throws RangeError where the folder has such a file, or its kind owns none of that name
 */
export async function addFile({ path, kind, facts }: Folder, name: string, text: string): Promise<void> {
  if (name in facts.files || !kinds[kind].owns.test(name)) throw new RangeError(`${name} cannot be added to ${path}`);
  const file = join(path, name);
  writeFileWhole(file, text);
  const [sha256] = await checksumsOf([file]);
  writeFacts(path, { ...facts, files: { ...facts.files, [name]: { bytes: statSync(file).size, sha256 } } });
}

/** Gives a folder facts of its own that list no files: for a folder that is still at work. */
export function writeOpenFacts<K extends Kind>(folder: string, kind: K, facts: OwnFacts<K>): void {
  writeFacts(folder, { ...commonOf(kind, {}), ...facts, files: {} });
}

async function sealFolder<K extends Kind>(
  folder: string,
  kind: K,
  facts: OwnFacts<K>,
  { origin, marks: isMarked }: WriteFolderOptions,
): Promise<void> {
  const names = namesIn(folder).sort();
  const paths = names.map((name) => join(folder, name));
  const sizes = Object.fromEntries(names.map((name, i) => [name, { bytes: statSync(paths[i]).size }]));
  const marks = isMarked && bytesOf(sizes) >= manyBytes ? await marksOf(folder, names) : undefined;
  const checksums = await checksumsOf(paths);
  const files: Record<string, FileFacts> = Object.fromEntries(
    names.map((name, i) => [name, { ...sizes[name], sha256: checksums[i] }]),
  );
  writeFacts(folder, { ...commonOf(kind, { origin }), ...facts, files });
  if (marks) writeMarks(folder, files, marks);
}

/** Of a folder inside that guards itself its facts alone; of others, all files with their way. */
function namesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    const inside = join(folder, entry.name);
    const names = existsSync(join(inside, factsName)) ? [factsName] : namesIn(inside);
    return names.map((name) => `${entry.name}/${name}`);
  });
}

function commonOf(kind: Kind, { origin }: { origin?: string }) {
  return { formatVersion, kind, columnist: packageVersion(), created: new Date().toISOString(), origin };
}
