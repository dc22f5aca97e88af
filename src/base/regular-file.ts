// What stands at a path when it is no regular file. Opening a named pipe waits for its writer, so ask before.
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from "node:fs";
import { UserError } from "./errors.js";

export type OtherFile = "folder" | "named pipe" | "socket" | "device";

/** Undefined for a regular file, and where there is nothing. */
export function otherFile(path: string): OtherFile | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  return status && kindOf(status);
}

/**
 * @param what - what the path should be, such as "a JSON schema"
 * @throws UserError when `path` is a folder, a named pipe, a socket or a device
 */
export function checkRegularFile(path: string, what: string): void {
  const other = otherFile(path);
  if (other === undefined) return;
  const next = other === "folder" ? "Specify a file in it." : "Save its output as a file, and use that.";
  throw new UserError(`'${path}' is a ${other}, not ${what}. ${next}`);
}

/**
 * A file that is read whole, by its descriptor: what it is and how large cannot change between the look and the reading.
 *
 * @param most bytes that such a file can have
 * @throws UserError when `path` is no regular file, or is larger
 */
export function readSmallFile(path: string, most: number): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw notRegular(path, kindOf(status) ?? "device");
    if (status.size > most)
      throw new UserError(
        `'${path}' has ${status.size.toLocaleString("en")} bytes; such a file has ${most.toLocaleString("en")} at most. Check ` +
          "where it came from.",
      );
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function notRegular(path: string, other: OtherFile): UserError {
  return new UserError(`'${path}' is a ${other}, not a file. Copy the folder again or create it again.`);
}

function kindOf(status: Stats): OtherFile | undefined {
  if (status.isDirectory()) return "folder";
  if (status.isFIFO()) return "named pipe";
  if (status.isSocket()) return "socket";
  if (status.isCharacterDevice() || status.isBlockDevice()) return "device";
  return undefined;
}
