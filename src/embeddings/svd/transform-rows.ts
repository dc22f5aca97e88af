// Some rows of a tall matrix times a small square one, in place. Runs in a worker thread.
import type { KernelPlace } from "../kernels/kernels.js";
import { tileColumns } from "../kernels/multiply-rows.js";
import { copyRows, type TiledMatrix, tileAddress } from "./tiles.js";

export interface TransformInput {
  y: TiledMatrix;
  /** (y.columns, y.columns) */
  by: TiledMatrix;
  from: number;
  to: number;
}

const rowsAtOnce = 128;

/** Bytes of its own that a thread needs for rows of so many columns. */
export const transformScratch = (columns: number) => 4 * (rowsAtOnce + 1) + 8 * rowsAtOnce * columns;

/** Y[from:to] = Y[from:to] · by, as if Y were sparse with all its places filled. */
export function transformRows({ y, by, from, to }: TransformInput, { memory, kernels, scratch }: KernelPlace): void {
  const n = y.columns;
  const columnsAt = scratch + 4 * (rowsAtOnce + 1);
  const valuesAt = columnsAt + 4 * rowsAtOnce * n;
  new Uint32Array(memory.buffer, scratch, rowsAtOnce + 1).forEach((_, row, starts) => {
    starts[row] = row * n;
  });
  new Int32Array(memory.buffer, columnsAt, rowsAtOnce * n).forEach((_, i, columns) => {
    columns[i] = i % n;
  });
  for (let start = from; start < to; start += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, to - start);
    new Float32Array(memory.buffer, valuesAt, rows * n).set(copyRows(memory, y, start, start + rows));
    for (let tile = 0; tile < n / tileColumns; tile++)
      kernels.multiplyRows(scratch, rows, columnsAt, valuesAt, tileAddress(by, tile, 0), tileAddress(y, tile, start));
  }
}
