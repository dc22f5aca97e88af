// Tensors on disk with a note beside them: written aside and renamed, the note last, so that tensors without one do not
// count; its checksum guards both.
import { createHash, type Hash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { fileAside, writeFileWhole } from "../base/atomic.js";
import { UserError } from "../base/errors.js";
import type { NamedArray } from "../formats/safetensors.js";
import { readSafetensors, writeSafetensors } from "../formats/safetensors-file.js";
import { exactJson } from "./figures.js";

const sealed = z.object({ note: z.string(), sha256: z.string() });

/** The folder is made where it is not there. */
export function writeNoted(
  folder: string,
  name: string,
  tensors: ReadonlyMap<string, NamedArray>,
  content: object,
): void {
  const path = join(folder, `${name}.safetensors`);
  const note = exactJson(content);
  mkdirSync(folder, { recursive: true });
  const aside = fileAside(path);
  try {
    writeSafetensors(aside.path, tensors);
    flush(aside.path);
    const sha256 = hashOf(aside.path).update(note).digest("hex");
    aside.put();
    writeFileWhole(join(folder, `${name}.json`), JSON.stringify({ note, sha256 }));
  } finally {
    aside.remove();
  }
}

/** @throws an error that says what is damaged */
export function readNoted<Schema extends z.ZodType>(
  folder: string,
  name: string,
  schema: Schema,
): { tensors: Map<string, NamedArray>; note: z.output<Schema> } {
  const path = join(folder, `${name}.safetensors`);
  const { note, sha256 } = sealed.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")));
  if (!existsSync(path)) throw new UserError("its file is missing");
  if (hashOf(path).update(note).digest("hex") !== sha256) throw new UserError("its checksum is wrong");
  return { tensors: readSafetensors(path).tensors, note: schema.parse(JSON.parse(note)) };
}

export function removeNoted(folder: string, name: string): void {
  for (const ending of ["json", "safetensors"]) rmSync(join(folder, `${name}.${ending}`), { force: true });
}

function flush(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function hashOf(path: string): Hash {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(1 << 22);
    for (let got = readSync(file, buffer); got > 0; got = readSync(file, buffer)) hash.update(buffer.subarray(0, got));
  } finally {
    closeSync(file);
  }
  return hash;
}
