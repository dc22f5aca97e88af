// Paths that must not outlive the program: what is still there when it ends, even by process.exit, is removed. Temporary
// folders of a program that was killed are removed by a later one.
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UserError } from "./errors.js";
import { fateOf, processMarkSchema, thisProcess } from "./process-mark.js";

const paths = new Set<string>();
let isListening = false;

/**
 * Removes `path` (a file or a folder, there yet or not) when the program ends, unless it was released before.
 *
 * @returns removes it now; call it when the work is done or has failed
 */
export function temporary(path: string): () => void {
  if (!isListening) process.once("exit", removeTemporary);
  isListening = true;
  paths.add(path);
  return () => {
    paths.delete(path);
    rmSync(path, { recursive: true, force: true });
  };
}

/**
 * A new folder in the system's temporary folder, with a file that names this process.
 *
 * @param prefix - begins with `columnist-`
 * @throws UserError when nothing can be made there
 * @example
 * const { path, remove } = temporaryFolder("columnist-tables-");
 */
export function temporaryFolder(prefix: string): { path: string; remove(): void } {
  try {
    // What others put into TMPDIR may be relative, and this folder is used wherever the program is then.
    const path = mkdtempSync(join(resolve(tmpdir()), prefix));
    const remove = temporary(path);
    writeFileSync(join(path, ownerName), JSON.stringify(thisProcess()), { flag: "wx", mode: 0o600 });
    if (!isCleared) clearGone(resolve(tmpdir()));
    isCleared = true;
    return { path, remove };
  } catch (error) {
    throw new UserError(`The temporary folder '${tmpdir()}' ${reasonOf(error)}. ${remedy}`, { cause: error });
  }
}

/** In a temporary folder: the process that it belongs to. */
const ownerName = ".owner";
const day = 24 * 60 * 60 * 1000;
const mostOwnerBytes = 4096;
/** Once in a program. */
let isCleared = false;

/**
 * Removes what processes of the same user left behind that are gone: folders of this program, older than a day. Of those
 * without a file that names their process nothing is known; links are not followed.
 */
function clearGone(place: string): void {
  const user = process.geteuid?.();
  const isOwn = (status: Stats) => user === undefined || (status.uid === user && (status.mode & 0o022) === 0);
  for (const name of readdirSync(place).filter((one) => /^columnist-[a-z]+-\w{6}$/.test(one)))
    try {
      const path = join(place, name);
      const folder = lstatSync(path);
      if (!folder.isDirectory() || !isOwn(folder)) continue;
      const owner = lstatSync(join(path, ownerName));
      if (!owner.isFile() || !isOwn(owner) || owner.size > mostOwnerBytes || Date.now() - owner.mtimeMs < day) continue;
      const mark = processMarkSchema.parse(JSON.parse(readFileSync(join(path, ownerName), "utf8")));
      if (fateOf(mark) === "gone") rmSync(path, { recursive: true, force: true });
    } catch {
      // Without an owner, or cleared by another process meanwhile.
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

/** What is there now; for who ends the program without the event "exit". */
export function removeTemporary(): void {
  for (const path of paths) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // In use (Windows): the system's own cleaning gets it.
    }
  }
}
