// Files and folders that are there whole or not at all: written aside, then renamed. Who writes the same place at the same
// time has another place aside, so that the last one wins whole.
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { temporary } from "./temporary.js";

/** A fresh path beside `path`, for data that is renamed onto it once it is whole. */
export function asidePath(path: string): string {
  return join(dirname(resolve(path)), `.${basename(path)}.${randomBytes(6).toString("hex")}.partial`);
}

/** Writes a file whole or not at all. */
export function writeFileWhole(path: string, data: string | Uint8Array): void {
  const aside = asidePath(path);
  const remove = temporary(aside);
  try {
    mkdirSync(dirname(aside), { recursive: true });
    writeFileSync(aside, data, { flag: "wx" });
    renameSync(aside, path);
  } finally {
    remove();
  }
}

/**
 * Fills a new folder beside `path` and swaps it in; what stood at `path` stays until then, and stays if `fill` fails.
 * Of the old folder those files are taken over whose names `keeps` names and that the new one has not.
 */
export async function writeFolderWhole(
  path: string,
  fill: (folder: string) => Promise<void> | void,
  keeps: (name: string) => boolean = () => false,
): Promise<void> {
  const target = existsSync(path) ? realpathSync(path) : resolve(path);
  mkdirSync(dirname(target), { recursive: true });
  const aside = folderBeside(target);
  const remove = temporary(aside);
  try {
    await fill(aside);
    swapIn(aside, target, keeps);
  } finally {
    remove();
  }
}

/** Others may swap at the same time: where one of them was faster, its folder is the old one. */
function swapIn(aside: string, target: string, keeps: (name: string) => boolean): void {
  for (let round = 0; ; round++) {
    const old = `${aside}.old-${round}`;
    const isMoved = unless(["ENOENT"], () => renameSync(target, old));
    try {
      if (unless(["ENOTEMPTY", "EEXIST"], () => renameSync(aside, target))) {
        if (isMoved) takeOver(old, target, keeps);
        return;
      }
    } catch (error) {
      if (isMoved) unless(["ENOTEMPTY", "EEXIST"], () => renameSync(old, target));
      throw error;
    }
    if (isMoved) takeOver(old, target, keeps);
  }
}

/** Moves what is kept from the old folder to the one that stands in its place, and removes the rest. */
function takeOver(old: string, target: string, keeps: (name: string) => boolean): void {
  for (const name of readdirSync(old))
    if (keeps(name) && !existsSync(join(target, name)))
      unless(["ENOTEMPTY", "EEXIST", "ENOENT"], () => renameSync(join(old, name), join(target, name)));
  temporary(old)();
}

/** False where `work` fails with one of the system's codes. */
function unless(codes: readonly string[], work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** An empty folder that can be renamed to `path`. @throws the system's error when its place cannot be written */
export function folderBeside(path: string): string {
  const folder = mkdtempSync(join(dirname(path), `.${basename(path)}.partial-`));
  // mkdtemp lets nobody else in; a folder of results has the rights that any new folder has.
  chmodSync(folder, 0o777 & ~process.umask());
  return folder;
}
