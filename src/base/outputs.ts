// Places that will be written: checked before the long work, and what a user can mend about a failed write.
import { existsSync, lstatSync, rmdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { privateFolder } from "./atomic.js";
import { UserError } from "./errors.js";
import { option } from "./option.js";
import { placeOf } from "./place.js";

/** @throws UserError when nothing can be written beside `path`, or beside what it leads to */
export function checkParent(path: string): void {
  const place = placeOf(path);
  let parent = dirname(place);
  while (!existsSync(parent)) parent = dirname(parent);
  if (!statSync(parent).isDirectory())
    throw new UserError(
      `'${parent}' is a file, so nothing can be created in it. Choose another path with ${option("out")}.`,
    );
  try {
    rmdirSync(privateFolder(join(parent, basename(place))));
    lstatSync(place, { throwIfNoEntry: false });
  } catch (error) {
    throw writeFault(error, path);
  }
}

/** What a user can mend about a failed write; other faults as they are. */
export function writeFault(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const reasons: Record<string, string> = {
    ENOSPC: `the disk is full. Free some space, or choose another path with ${option("out")}`,
    EDQUOT: `your disk quota is used up. Free some space, or choose another path with ${option("out")}`,
    EACCES: `permission was denied. Choose another path with ${option("out")}`,
    EPERM: `permission was denied. Choose another path with ${option("out")}`,
    EROFS: `the disk is read-only. Choose another path with ${option("out")}`,
    EFBIG: `it exceeds the file size limit (ulimit -f). Raise the limit, or choose another path with ${option("out")}`,
    ENOTDIR: `a part of its path is a file. Choose another path with ${option("out")}`,
    ENOENT: `no file can be created there. Choose another path with ${option("out")}`,
    ENAMETOOLONG: `the name is too long. Choose a shorter one with ${option("out")}`,
  };
  if (!(code in reasons)) return error;
  return new UserError(`'${path}' was not written: ${reasons[code]}.`, { cause: error });
}
