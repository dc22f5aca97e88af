// The file that a command will write, checked before the long work.
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../base/errors.js";
import { writeFault } from "../base/outputs.js";
import { filePlaceOf } from "../base/place.js";

/** @throws UserError when its folder is not there or cannot be written, or it is something else than a file */
export function checkTarget(path: string): void {
  const folder = dirname(reachable(path));
  if (!existsSync(folder)) throw new UserError(`There is no folder '${folder}' for ${path}. Create it first.`);
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UserError(`The folder '${folder}' is not writable. Choose another one.`, { cause: error });
  }
}

function reachable(path: string): string {
  try {
    return filePlaceOf(path);
  } catch (error) {
    throw writeFault(error, path);
  }
}
