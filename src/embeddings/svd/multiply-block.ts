// Some rows of a sparse matrix times a dense one. Runs in a worker thread.
import type { KernelPlace } from "../kernels/kernels.js";
import { tileColumns } from "../kernels/multiply-rows.js";
import { readBlock, type SparseBlock } from "../sparse-matrix.js";
import { type TiledMatrix, tileAddress } from "./tiles.js";

export interface MultiplyInput {
  block: SparseBlock;
  /** Which values: 0 the matrix, 1 its transpose where it is kept. */
  series: number;
  x: TiledMatrix;
  y: TiledMatrix;
}

/** Bytes of its own that a thread needs for this block. */
export function multiplyScratch({ rows, entries }: SparseBlock): number {
  return 4 * (rows + 1) + 8 * entries;
}

export function multiplyBlock({ block, series, x, y }: MultiplyInput, { memory, kernels, scratch }: KernelPlace): void {
  const { starts, columns, values } = readBlock(block, series);
  const columnsAt = scratch + starts.byteLength;
  const valuesAt = columnsAt + columns.byteLength;
  new Uint32Array(memory.buffer, scratch, starts.length).set(starts);
  new Int32Array(memory.buffer, columnsAt, columns.length).set(columns);
  new Float32Array(memory.buffer, valuesAt, columns.length).set(values[0]);
  for (let tile = 0; tile < x.columns / tileColumns; tile++)
    kernels.multiplyRows(
      scratch,
      block.rows,
      columnsAt,
      valuesAt,
      tileAddress(x, tile, 0),
      tileAddress(y, tile, block.firstRow),
    );
}
