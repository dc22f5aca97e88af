// Files and folders that are there whole or not at all: written aside, then renamed.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** A fresh path beside `path`, for data that is renamed onto it once it is whole. */
export function asidePath(path: string): string {
  return join(dirname(resolve(path)), `.${basename(path)}.${process.pid}.partial`);
}

/** Writes a file whole or not at all. */
export function writeFileWhole(path: string, data: string | Uint8Array): void {
  const aside = asidePath(path);
  try {
    mkdirSync(dirname(aside), { recursive: true });
    writeFileSync(aside, data);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/**
 * Fills a new folder beside `path` and swaps it in; what stood at `path` stays until then, and stays if `fill` fails.
 */
export async function writeFolderWhole(path: string, fill: (folder: string) => Promise<void> | void): Promise<void> {
  const target = resolve(path);
  mkdirSync(dirname(target), { recursive: true });
  const aside = mkdtempSync(join(dirname(target), `.${basename(target)}.partial-`));
  try {
    await fill(aside);
    if (existsSync(target)) {
      const old = `${aside}.old`;
      renameSync(target, old);
      renameSync(aside, target);
      rmSync(old, { recursive: true, force: true });
    } else renameSync(aside, target);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw error;
  }
}
