// Paths that must not outlive the program: what is still there when it ends, even by process.exit, is removed.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UserError } from "./errors.js";

const paths = new Set<string>();
let isListening = false;

/**
 * Removes `path` (a file or a folder, there yet or not) when the program ends, unless it was released before.
 *
 * @returns removes it now; call it when the work is done or has failed
 */
export function temporary(path: string): () => void {
  if (!isListening) process.once("exit", removeAll);
  isListening = true;
  paths.add(path);
  return () => {
    paths.delete(path);
    rmSync(path, { recursive: true, force: true });
  };
}

/**
 * A new folder in the system's temporary folder.
 *
 * @throws UserError when nothing can be made there
 * @example
 * const { path, remove } = temporaryFolder("columnist-tables-");
 */
export function temporaryFolder(prefix: string): { path: string; remove(): void } {
  try {
    // What others put into TMPDIR may be relative, and this folder is used wherever the program is then.
    const path = mkdtempSync(join(resolve(tmpdir()), prefix));
    return { path, remove: temporary(path) };
  } catch (error) {
    throw new UserError(`The temporary folder '${tmpdir()}' ${reasonOf(error)}. ${remedy}`, { cause: error });
  }
}

const remedy = `Set ${process.platform === "win32" ? "TEMP" : "TMPDIR"} to a folder that you can write to.`;

function reasonOf(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: existsSync(tmpdir()) ? "is not writable" : "does not exist",
    ENOTDIR: "is not a folder",
    EACCES: "is not writable",
    EPERM: "is not writable",
    EROFS: "is on a read-only disk",
    ENOSPC: "is on a full disk",
    EDQUOT: "exceeds your disk quota",
    ENAMETOOLONG: "has a name that is too long",
  };
  return reasons[code] ?? `cannot be used (${message})`;
}

function removeAll(): void {
  for (const path of paths) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // In use (Windows): the system's own cleaning gets it.
    }
  }
}
