// Tensors on disk with a note beside them: written aside and renamed, the note last, so that tensors without one do not
// count; its checksum guards both.
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { fileAside } from "../base/atomic.js";
import type { NamedArray } from "../formats/safetensors.js";
import { readSafetensors, writeSafetensors } from "../formats/safetensors-file.js";
import { readSealed, sealNote, writeSealed } from "./sealed-note.js";

/** The folder is made where it is not there. */
export function writeNoted(
  folder: string,
  name: string,
  tensors: ReadonlyMap<string, NamedArray>,
  content: object,
): void {
  const path = join(folder, `${name}.safetensors`);
  mkdirSync(folder, { recursive: true });
  const aside = fileAside(path);
  try {
    writeSafetensors(aside.path, tensors);
    flush(aside.path);
    const note = sealNote(content, [aside.path]);
    aside.put();
    writeSealed(join(folder, `${name}.json`), note);
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
  const note = readSealed(join(folder, `${name}.json`), schema, [path]);
  return { tensors: readSafetensors(path).tensors, note };
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
