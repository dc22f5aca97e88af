// A small file of text, read whole: what is wrong with it is said before its content is looked at.
import { existsSync, readFileSync } from "node:fs";
import { UserError } from "./errors.js";
import { checkRegularFile } from "./regular-file.js";
import { encodingOf } from "./text-encoding.js";

/**
 * The text of a UTF-8 file without its byte order mark.
 *
 * @param what - what the file should be, such as "a JSON schema"
 * @throws UserError for a missing file, one that is not regular or may not be read, and other encodings
 * @example
 * const schema = JSON.parse(readTextFile("review.json", "a JSON schema"));
 */
export function readTextFile(path: string, what: string): string {
  if (!existsSync(path)) throw new UserError(`There is no file '${path}'. Check the folder and the name.`);
  checkRegularFile(path, what);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UserError(`'${path}' cannot be read (${(error as Error).message}).`, { cause: error });
  }
  const encoding = encodingOf(bytes.subarray(0, 4096));
  if (encoding)
    throw new UserError(
      `${path} is not UTF-8 text, but ${encoding.name}. Convert it first: iconv -f ${encoding.iconv} -t utf-8`,
    );
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError(`${path} is not UTF-8 text. Convert it first, for example: iconv -f windows-1252 -t utf-8`, {
      cause: error,
    });
  }
}
