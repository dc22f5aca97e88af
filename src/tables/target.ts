// The file that a command will write, checked before the long work.
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UserError } from "../base/errors.js";

/** @throws UserError when its folder is not there or cannot be written, or it is a folder itself. */
export function checkTarget(path: string): void {
  const folder = dirname(resolve(path));
  if (!existsSync(folder)) throw new UserError(`There is no folder '${folder}' for ${path}. Create it first.`);
  if (existsSync(path) && statSync(path).isDirectory())
    throw new UserError(`'${path}' is a folder. Specify a file to write.`);
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UserError(`The folder '${folder}' is not writable. Choose another one.`, { cause: error });
  }
}
