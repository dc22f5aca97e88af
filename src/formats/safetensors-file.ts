// Safetensors files tensor by tensor: the file is never in memory a second time. Knows the layout from safetensors.ts.
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { openRegularFile } from "../base/regular-file.js";
import { bytesOf, decodeHeader, encodeHeader, headerBounds, type NamedArray, numbersOf } from "./safetensors.js";

/** One call of the system moves at most this many bytes. */
const chunk = 64 << 20;

/**
 * Writes what `encodeSafetensors` gives.
 *
 * @throws UserError when a shape does not fit its data, or a tensor is called "__metadata__"
 * @example
 * writeSafetensors("weights.safetensors", new Map([["bias", { shape: [2], data: new Float32Array([0.5, -1]) }]]));
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, NamedArray>,
  metadata?: Record<string, string>,
): void {
  const header = encodeHeader(tensors, metadata);
  const file = openSync(path, "w");
  try {
    writeAll(file, header);
    for (const { data } of tensors.values()) writeAll(file, bytesOf(data));
  } finally {
    closeSync(file);
  }
}

/** An open file: its tensors are read one by one, or row by row. */
export interface SafetensorsFile {
  /** In the order of their numbers. */
  shapes: ReadonlyMap<string, readonly number[]>;
  metadata: Record<string, string>;
  /** All numbers of a tensor; undefined where the file has none of that name. */
  read(name: string): NamedArray["data"] | undefined;
  /** The numbers of one index of the first axis; undefined where there is no such tensor or index. */
  readRow(name: string, row: number): NamedArray["data"] | undefined;
  close(): void;
}

/**
 * Opens a file with the checks of `decodeSafetensors`; its numbers stay on disk.
 *
 * @throws UserError for a damaged file and for number types that cannot be read
 * @example
 * const file = openSafetensors("vectors.safetensors");
 * file.readRow("vectors", 17);
 */
export function openSafetensors(path: string): SafetensorsFile {
  const { file, size } = openRegularFile(path);
  try {
    const { start, length } = headerBounds(readPart(file, 0, Math.min(8, size)), size);
    const { entries, metadata } = decodeHeader(readPart(file, start, length), size - start - length);
    const byName = new Map(entries.map((entry) => [entry.name, entry]));
    const numbers = start + length;
    return {
      shapes: new Map(entries.map(({ name, shape }) => [name, shape])),
      metadata,
      read(name) {
        const entry = byName.get(name);
        return entry && numbersOf(entry.dtype, readPart(file, numbers + entry.begin, entry.end - entry.begin));
      },
      readRow(name, row) {
        const entry = byName.get(name);
        if (!entry || !(row < (entry.shape[0] ?? 0))) return undefined;
        const bytes = (entry.end - entry.begin) / entry.shape[0];
        return numbersOf(entry.dtype, readPart(file, numbers + entry.begin + row * bytes, bytes));
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/**
 * Reads what `decodeSafetensors` reads, with the same checks.
 *
 * @throws UserError for a damaged file and for number types that cannot be read
 * @example
 * const { tensors, metadata } = readSafetensors("weights.safetensors");
 */
export function readSafetensors(path: string): {
  tensors: Map<string, NamedArray>;
  metadata: Record<string, string>;
} {
  const file = openSafetensors(path);
  try {
    const tensors = new Map([...file.shapes].map(([name, shape]) => [name, { shape, data: file.read(name)! }]));
    return { tensors, metadata: file.metadata };
  } finally {
    file.close();
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, Math.min(chunk, bytes.length - done));
}

function readPart(file: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const read = readSync(file, bytes, done, Math.min(chunk, length - done), position + done);
    if (read === 0) throw new Error("The file became shorter while it was read.");
    done += read;
  }
  return bytes;
}
