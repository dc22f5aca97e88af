// A note beside files, as JSON: its checksum guards it and them.
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { z } from "zod";
import { writeFileWhole } from "../base/atomic.js";
import { UserError } from "../base/errors.js";
import { readSmallFile } from "../base/regular-file.js";
import { exactJson } from "./figures.js";

const sealed = z.object({ note: z.string(), sha256: z.string() });

/** Histories, configurations and tokenizers of the largest runs take a hundredth of it. */
const mostBytes = 256 << 20;

export interface SealedNote {
  note: string;
  sha256: string;
}

/** @param files which are written by now */
export function sealNote(content: object, files: readonly string[]): SealedNote {
  const note = exactJson(content);
  return { note, sha256: sealOf(note, files) };
}

export function writeSealed(path: string, note: SealedNote): void {
  writeFileWhole(path, JSON.stringify(note));
}

/** @throws an error that says what is damaged */
export function readSealed<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  files: readonly string[],
): z.output<Schema> {
  const { note, sha256 } = sealed.parse(JSON.parse(readSmallFile(path, mostBytes).toString("utf8")));
  if (!files.every((file) => existsSync(file))) throw new UserError("its file is missing");
  if (sealOf(note, files) !== sha256) throw new UserError("its checksum is wrong");
  return schema.parse(JSON.parse(note));
}

function sealOf(note: string, files: readonly string[]): string {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(1 << 22);
  for (const path of files) {
    const file = openSync(path, "r");
    try {
      for (let got = readSync(file, buffer); got > 0; got = readSync(file, buffer))
        hash.update(buffer.subarray(0, got));
    } finally {
      closeSync(file);
    }
  }
  return hash.update(note).digest("hex");
}
