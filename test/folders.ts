// Changes folders as no command does: facts that are sealed again after a change, and damage.
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRandom, type Random } from "../src/base/random.js";
import { factsName, factsPath, writeFacts } from "../src/folders/facts-file.js";
import { fileSha256 } from "../src/folders/file-sha256.js";

type Json = Record<string, unknown>;

export function readRawFacts(folder: string): Json {
  const { checksum: _, ...facts } = JSON.parse(readFileSync(factsPath(folder), "utf8"));
  return facts;
}

/** Writes the facts with some changed, and a checksum that fits. */
export function changeFacts(folder: string, changed: Json): void {
  writeFacts(folder, { ...readRawFacts(folder), ...changed });
}

/** Gives all files of a folder, and of those in it, the sizes and checksums that they have now. @param kept folders in it that are not sealed again */
export function sealAgain(folder: string, kept: readonly string[] = []): void {
  const files = readRawFacts(folder).files as Record<string, unknown>;
  for (const name of Object.keys(files))
    if (name.endsWith(`/${factsName}`) && !kept.includes(dirname(name))) sealAgain(dirname(join(folder, name)));
  const sealed = Object.keys(files).map((name) => {
    const path = join(folder, name);
    return [name, { bytes: statSync(path).size, sha256: fileSha256(path) }];
  });
  changeFacts(folder, { files: Object.fromEntries(sealed) });
}

/** One bit turned, or 64 random bytes, somewhere in a file. */
export function damaged(bytes: Buffer, random: Random, kind: "bit" | "bytes"): Buffer {
  const hurt = Buffer.from(bytes);
  const at = random.integer(bytes.length);
  if (kind === "bit") hurt[at] ^= 1 << random.integer(8);
  else for (let i = at; i < Math.min(at + 64, bytes.length); i++) hurt[i] = random.integer(256);
  return hurt.equals(bytes) ? damaged(bytes, random, kind) : hurt;
}

export { createRandom, type Random };
