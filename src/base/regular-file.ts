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
 * Opens a file to be read, by a descriptor: what it is cannot change between the look and the reading. The caller closes it.
 *
 * @throws UserError when `path` is no regular file
 */
export function openRegularFile(path: string): { file: number; size: number } {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw notRegular(path, kindOf(status) ?? "device");
    return { file, size: status.size };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/**
 * @param most bytes that such a file can have
 * @throws UserError when `path` is no regular file, or is larger
 */
export function readSmallFile(path: string, most: number): Buffer {
  const { file, size } = openRegularFile(path);
  try {
    if (size > most)
      throw new UserError(
        `'${path}' has ${size.toLocaleString("en")} bytes; such a file has ${most.toLocaleString("en")} at most. Check ` +
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
