// Safetensors files tensor by tensor: the file is never in memory a second time. Knows the layout from safetensors.ts.
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
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
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const { start, length } = headerBounds(readPart(file, 0, Math.min(8, size)), size);
    const { entries, metadata } = decodeHeader(readPart(file, start, length), size - start - length);
    const tensors = new Map<string, NamedArray>();
    for (const { name, dtype, shape, begin, end } of entries) {
      tensors.set(name, { shape, data: numbersOf(dtype, readPart(file, start + length + begin, end - begin)) });
    }
    return { tensors, metadata };
  } finally {
    closeSync(file);
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
