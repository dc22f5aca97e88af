// Files and folders that are there whole or not at all: written aside, then renamed.
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
  return join(dirname(resolve(path)), `.${basename(path)}.${process.pid}.partial`);
}

/** Writes a file whole or not at all. */
export function writeFileWhole(path: string, data: string | Uint8Array): void {
  const aside = asidePath(path);
  const remove = temporary(aside);
  try {
    mkdirSync(dirname(aside), { recursive: true });
    writeFileSync(aside, data);
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
    if (existsSync(target)) {
      const kept = readdirSync(target).filter((name) => keeps(name) && !existsSync(join(aside, name)));
      const old = `${aside}.old`;
      renameSync(target, old);
      renameSync(aside, target);
      for (const name of kept) renameSync(join(old, name), join(target, name));
      temporary(old)();
    } else renameSync(aside, target);
  } finally {
    remove();
  }
}

/** An empty folder that can be renamed to `path`. @throws the system's error when its place cannot be written */
export function folderBeside(path: string): string {
  const folder = mkdtempSync(join(dirname(path), `.${basename(path)}.partial-`));
  // mkdtemp lets nobody else in; a folder of results has the rights that any new folder has.
  chmodSync(folder, 0o777 & ~process.umask());
  return folder;
}
