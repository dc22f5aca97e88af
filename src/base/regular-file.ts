// What stands at a path when it is no regular file. Opening a named pipe waits for its writer, so ask before.
import { type Stats, statSync } from "node:fs";
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

function kindOf(status: Stats): OtherFile | undefined {
  if (status.isDirectory()) return "folder";
  if (status.isFIFO()) return "named pipe";
  if (status.isSocket()) return "socket";
  if (status.isCharacterDevice() || status.isBlockDevice()) return "device";
  return undefined;
}
