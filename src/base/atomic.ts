// Files and folders that are there whole or not at all: written aside, then renamed. Who writes the same place at the same
// time has another place aside, so that the last one wins whole. The place aside is a folder of a random name that nobody
// else can enter: no link can be waiting in it, whatever writes there (DuckDB opens files by name).
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { placeOf } from "./place.js";
import { keepRights } from "./rights.js";
import { temporary } from "./temporary.js";

/** A file to be. */
export interface Aside {
  /** Nothing is there yet. Files beside it are removed with it. */
  path: string;
  /** Moves it to its place, with the rights of what stands there. */
  put(): void;
  /** Removes what was not put; call it in any case. */
  remove(): void;
}

/**
 * A link at `path` is replaced; follow that of a user with `filePlaceOf`.
 *
 * @throws the system's error when its place cannot be written
 * @example
 * const aside = fileAside("answers.csv");
 * try {
 *   await write(aside.path);
 *   aside.put();
 * } finally {
 *   aside.remove();
 * }
 */
export function fileAside(path: string): Aside {
  const folder = privateFolder(path);
  const file = join(folder, basename(path));
  return {
    path: file,
    put() {
      keepRights(path, file);
      renameSync(file, path);
    },
    remove: temporary(folder),
  };
}

/** Writes a file whole or not at all. A link at `path` is replaced. */
export function writeFileWhole(path: string, data: string | Uint8Array): void {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  const aside = fileAside(path);
  try {
    writeFileSync(aside.path, data, { flag: "wx" });
    aside.put();
  } finally {
    aside.remove();
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
  const target = placeOf(path);
  mkdirSync(dirname(target), { recursive: true });
  const aside = privateFolder(target);
  const remove = temporary(aside);
  try {
    await fill(aside);
    // A folder of results has the rights that any new folder has, or those of the one that it replaces.
    chmodSync(aside, 0o777 & ~process.umask());
    keepRights(target, aside);
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

/** What is written aside ends so; who cleans up after a program that was killed looks for it. */
export const asideName = /^\..*\.partial(-\w+)?$/;

/** An empty folder beside `path` that only this user can enter. @throws the system's error when its place cannot be written */
export function privateFolder(path: string): string {
  const name = basename(resolve(path)).slice(0, 40);
  return mkdtempSync(join(dirname(resolve(path)), `.${name}.partial-`));
}
