// Checks the files of a folder that is read in parts, such as a few of a million rows: checking large ones whole at every
// opening would take longer than the answer, and which parts of an approximate index are read, its library alone knows. Each
// file is checked once after every change; that it has not changed since is told by its inode, size and times (mtime and
// ctime, which no program can set back), as git does it. The marks stand beside the files. They fit nowhere else: a copied
// folder is checked anew.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { writeFileWhole } from "../base/atomic.js";
import { readSmallFile } from "../base/regular-file.js";
import { type Folder, whileChecking } from "./read-folder.js";

export const marksName = "verified.json";

/** Grows when more is checked than before: marks of less are none. */
const marksFormat = 2;
const marksSchema = z.object({
  format: z.literal(marksFormat),
  files: z.record(z.string(), z.object({ sha256: z.string(), mark: z.string() })),
});

/** Times of files advance in steps of 10 ms at most: a change within the same step would not show. */
const clockStep = 20;

/** A line for each of a few thousand files. */
const mostMarkBytes = 16 << 20;

/** Folders of fewer bytes are checked at every opening: that takes some 50 ms at most. */
export const manyBytes = 64 << 20;

export interface CheckOnceOptions {
  /** Folders of fewer bytes are checked at every opening. */
  from?: number;
  /** Checks that the content of intact files may be used; whenever any of them is checked. */
  examine?: () => void;
}

/** @throws UserError that names the first file that is damaged, and what `examine` throws */
export async function checkOnce(folder: Folder, { from = manyBytes, examine }: CheckOnceOptions = {}): Promise<void> {
  const { path, facts } = folder;
  const check = (names?: string[]) => whileChecking(folder, async () => ({ done: examine?.() }), undefined, names);
  if (bytesOf(facts.files) < from) {
    await check();
    return;
  }
  const known = readMarks(path);
  const marks = markFiles(path, Object.keys(facts.files));
  const names = Object.keys(facts.files).filter(
    (name) => known[name]?.mark !== marks[name].mark || known[name].sha256 !== facts.files[name].sha256,
  );
  if (names.length === 0) return;
  await check(names);
  const old = (name: string) => !names.includes(name) || marks[name].age > clockStep;
  try {
    writeMarks(path, Object.fromEntries(Object.entries(facts.files).filter(([name]) => old(name))), marks);
  } catch {
    // A folder that may not be written is checked at every opening.
  }
}

export function bytesOf(files: Record<string, { bytes: number }>): number {
  return Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The marks of files that nobody writes any more, for `writeMarks` once they are hashed. */
export async function marksOf(folder: string, names: readonly string[]): Promise<Marks> {
  await sleep(clockStep);
  return markFiles(folder, names);
}

/** Keeps that the files had these checksums when they were marked. */
export function writeMarks(folder: string, files: Record<string, { sha256: string }>, marks: Marks): void {
  const checked = Object.entries(files).map(([name, { sha256 }]) => [name, { sha256, mark: marks[name].mark }]);
  writeFileWhole(
    join(folder, marksName),
    `${JSON.stringify({ format: marksFormat, files: Object.fromEntries(checked) }, null, 2)}\n`,
  );
}

type Marks = Record<string, { mark: string; age: number }>;

function markFiles(folder: string, names: readonly string[]): Marks {
  const now = Date.now();
  const entries = names.map((name) => {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(join(folder, name), { bigint: true });
    return [name, { mark: [dev, ino, size, mtimeNs, ctimeNs].join(" "), age: now - Number(ctimeNs / 1_000_000n) }];
  });
  return Object.fromEntries(entries);
}

function readMarks(folder: string): z.infer<typeof marksSchema>["files"] {
  const path = join(folder, marksName);
  if (!existsSync(path)) return {};
  try {
    return marksSchema.parse(JSON.parse(readSmallFile(path, mostMarkBytes).toString("utf8"))).files;
  } catch {
    return {};
  }
}
