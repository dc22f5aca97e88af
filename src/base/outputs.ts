// Places that will be written: checked before the long work, and what a user can mend about a failed write.
import { existsSync, rmdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { folderBeside } from "./atomic.js";
import { UserError } from "./errors.js";

/** @throws UserError when nothing can be written beside `path` */
export function checkParent(path: string): void {
  let parent = dirname(resolve(path));
  while (!existsSync(parent)) parent = dirname(parent);
  if (!statSync(parent).isDirectory())
    throw new UserError(`'${parent}' is a file, so nothing can be made in it. Name another place with --out.`);
  try {
    rmdirSync(folderBeside(join(parent, basename(resolve(path)))));
  } catch (error) {
    throw writeFault(error, path);
  }
}

/** What a user can mend about a failed write; other faults as they are. */
export function writeFault(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const reasons: Record<string, string> = {
    ENOSPC: "the disk is full. Free some space, or name another place with --out",
    EDQUOT: "your disk quota is used up. Free some space, or name another place with --out",
    EACCES: "it may not be written. Name another place with --out",
    EPERM: "it may not be written. Name another place with --out",
    EROFS: "the disk is read-only. Name another place with --out",
    EFBIG: "it is larger than a file may be here (ulimit -f). Raise the limit, or name another place with --out",
    ENOENT: "no file can be made there. Name another place with --out",
    ENAMETOOLONG: "the name is too long. Name a shorter one with --out",
  };
  if (!(code in reasons)) return error;
  return new UserError(`'${path}' was not written: ${reasons[code]}.`, { cause: error });
}
