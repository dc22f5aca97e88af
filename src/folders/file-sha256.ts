// The SHA-256 of a file, in a bounded piece of memory.
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

export function fileSha256(path: string): string {
  const hash = createHash("sha256");
  const part = Buffer.allocUnsafe(1 << 20);
  const file = openSync(path, "r");
  try {
    for (let got = readSync(file, part); got > 0; got = readSync(file, part)) hash.update(part.subarray(0, got));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
