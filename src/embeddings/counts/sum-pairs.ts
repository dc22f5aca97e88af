// Adds up the collected pairs of one range of words: rows of the matrix of counts. Runs in a worker thread.
import { closeSync, openSync, rmSync } from "node:fs";
import { readNumbers } from "../corpus.js";
import { type SparseBlock, writeBlock } from "../sparse-matrix.js";
import { distanceBits } from "./collect-pairs.js";

export interface SumInput {
  files: readonly { path: string; pairs: number }[];
  firstRow: number;
  rows: number;
  columns: number;
  /** What a pair counts, by distance: whole numbers, so that sums do not depend on their order. */
  weights: Float64Array;
  out: string;
}

export interface Summed {
  block: SparseBlock;
  rowSums: Float64Array;
}

/** Pairs read at once from a file. */
const readAtOnce = 1 << 18;

export function sumPairs({ files, firstRow, rows, columns, weights, out }: SumInput): Summed {
  const starts = new Uint32Array(rows + 1);
  const rowSums = new Float64Array(rows);
  const sums = new Float64Array(columns);
  const touched = new Int32Array(columns);
  const parts: { columns: Int32Array; values: Float64Array }[] = [];
  const distanceMask = (1 << distanceBits) - 1;

  function closeRow(row: number, count: number): void {
    const found = touched.slice(0, count).sort();
    const values = Float64Array.from(found, (column) => sums[column]);
    for (const column of found) sums[column] = 0;
    parts.push({ columns: found, values });
    rowSums[row] = values.reduce((a, b) => a + b, 0);
    starts[row + 1] = starts[row] + count;
  }

  if (rows === 1) {
    // A row alone may have more pairs than fit into memory: they are added as they come.
    let count = 0;
    eachPart(files, (pairs, length) => {
      for (let i = 0; i < length; i += 2) {
        const column = pairs[i + 1];
        if (sums[column] === 0) touched[count++] = column;
        sums[column] += weights[pairs[i] & distanceMask];
      }
    });
    closeRow(0, count);
  } else {
    // Counting sort by row, then each row is added up.
    const total = files.reduce((sum, { pairs }) => sum + pairs, 0);
    const places = new Float64Array(rows + 1);
    eachPart(files, (pairs, length) => {
      for (let i = 0; i < length; i += 2) places[(pairs[i] >>> distanceBits) + 1]++;
    });
    for (let row = 0; row < rows; row++) places[row + 1] += places[row];
    const sorted = new Int32Array(total);
    const distances = new Uint8Array(total);
    eachPart(files, (pairs, length) => {
      for (let i = 0; i < length; i += 2) {
        const at = places[pairs[i] >>> distanceBits]++;
        sorted[at] = pairs[i + 1];
        distances[at] = pairs[i] & distanceMask;
      }
    });
    for (let row = 0, at = 0; row < rows; row++) {
      let count = 0;
      for (; at < places[row]; at++) {
        const column = sorted[at];
        if (sums[column] === 0) touched[count++] = column;
        sums[column] += weights[distances[at]];
      }
      closeRow(row, count);
    }
  }
  for (const { path } of files) rmSync(path, { force: true });
  return { block: writeBlock(out, firstRow, { starts, ...joined(parts, starts[rows]) }), rowSums };
}

function eachPart(files: SumInput["files"], use: (pairs: Uint32Array, length: number) => void): void {
  const numbers = new Uint32Array(2 * readAtOnce);
  for (const { path, pairs } of files) {
    const file = openSync(path, "r");
    try {
      for (let done = 0; done < pairs; done += readAtOnce) {
        const length = readNumbers(file, numbers, 2 * done);
        use(numbers, length);
      }
    } finally {
      closeSync(file);
    }
  }
}

function joined(parts: readonly { columns: Int32Array; values: Float64Array }[], entries: number) {
  const columns = new Int32Array(entries);
  const values = new Float64Array(entries);
  let at = 0;
  for (const part of parts) {
    columns.set(part.columns, at);
    values.set(part.values, at);
    at += part.columns.length;
  }
  return { columns, values: [values] };
}
