// Sorts the counts of some rows into a grid of cells, by row and column modulo the grid's side. Runs in a worker thread.
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../corpus.js";
import { readBlock, type SparseBlock } from "../sparse-matrix.js";

export interface SplitInput {
  block: SparseBlock;
  unit: number;
  side: number;
  /** f(x) = min(1, (x / most)^power) */
  most: number;
  power: number;
  folder: string;
  name: string;
}

/** Records as fitPairs reads them, one file a cell; returns how many pairs each cell got. */
export function splitPairs({ block, unit, side, most, power, folder, name }: SplitInput): Float64Array {
  const { starts, columns, values } = readBlock(block);
  const pairs = new Float64Array(side * side);
  for (let r = 0; r < block.rows; r++)
    for (let e = starts[r]; e < starts[r + 1]; e++) pairs[cellOf(block.firstRow + r, columns[e], side)]++;
  const records = Array.from(pairs, (count) => new ArrayBuffer(16 * count));
  const ids = records.map((record) => new Int32Array(record));
  const numbers = records.map((record) => new Float32Array(record));
  const held = new Int32Array(side * side);
  for (let r = 0; r < block.rows; r++)
    for (let e = starts[r]; e < starts[r + 1]; e++) {
      const cell = cellOf(block.firstRow + r, columns[e], side);
      const at = 4 * held[cell]++;
      const count = values[0][e] / unit;
      ids[cell][at] = block.firstRow + r;
      ids[cell][at + 1] = columns[e];
      numbers[cell][at + 2] = Math.log(count);
      numbers[cell][at + 3] = Math.min(1, (count / most) ** power);
    }
  for (const [cell, record] of records.entries()) {
    const file = openSync(join(folder, `${name}-${cell}`), "w");
    try {
      writeWhole(file, new Uint8Array(record));
    } finally {
      closeSync(file);
    }
  }
  return pairs;
}

const cellOf = (row: number, column: number, side: number) => (row % side) * side + (column % side);
