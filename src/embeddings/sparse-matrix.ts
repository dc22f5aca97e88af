// A sparse matrix on disk, as blocks of consecutive rows: it may be larger than memory. Knows nothing of words.
import { closeSync, openSync, readSync } from "node:fs";
import { writeWhole } from "./corpus.js";

export interface SparseMatrix {
  rows: number;
  columns: number;
  blocks: readonly SparseBlock[];
}

/** File layout: starts Uint32 (rows + 1), columns Int32 (entries), then `series` times values Float64 (entries). */
export interface SparseBlock {
  path: string;
  firstRow: number;
  rows: number;
  entries: number;
  /** Arrays of values for the same entries: a matrix of pairs stores its transpose's values as the second. */
  series: number;
}

export interface CountRows {
  starts: Uint32Array;
  columns: Int32Array;
  values: Float64Array[];
}

export function writeBlock(path: string, firstRow: number, { starts, columns, values }: CountRows): SparseBlock {
  const file = openSync(path, "w");
  try {
    for (const part of [starts, columns, ...values])
      writeWhole(file, new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  } finally {
    closeSync(file);
  }
  return { path, firstRow, rows: starts.length - 1, entries: columns.length, series: values.length };
}

/** @param wanted - the series to read; all by default */
export function readBlock({ path, rows, entries, series }: SparseBlock, wanted?: number): CountRows {
  const starts = new Uint32Array(rows + 1);
  const columns = new Int32Array(entries);
  const values: Float64Array[] = [];
  const file = openSync(path, "r");
  try {
    readInto(file, starts, 0);
    readInto(file, columns, starts.byteLength);
    for (let i = 0; i < series; i++) {
      if (wanted !== undefined && wanted !== i) continue;
      const numbers = new Float64Array(entries);
      readInto(file, numbers, starts.byteLength + columns.byteLength + i * numbers.byteLength);
      values.push(numbers);
    }
  } finally {
    closeSync(file);
  }
  return { starts, columns, values };
}

function readInto(file: number, target: Uint32Array | Int32Array | Float64Array, position: number): void {
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const got = readSync(file, bytes, at, Math.min(bytes.length - at, 1 << 30), position + at);
    if (got === 0) throw new Error("a temporary file is shorter than what was written");
    at += got;
  }
}
