// Dense matrices of 32-bit floats in shared memory, stored as tiles of 32 columns: tile t holds columns 32t to 32t + 31 of
// all rows, row-major. A product then walks through one tile, of which more stays in the cache.

import type { Arena, SharedMemory } from "../../kernels/index.js";
import { tileColumns } from "../kernels/multiply-rows.js";

export interface TiledMatrix {
  address: number;
  rows: number;
  /** A multiple of 32. */
  columns: number;
}

export function allocateTiled(arena: Arena, rows: number, columns: number): TiledMatrix {
  return { address: arena.allocate(4 * rows * columns), rows, columns };
}

/** Where row r of tile t begins, in bytes. */
export function tileAddress({ address, rows }: TiledMatrix, tile: number, row: number): number {
  return address + 4 * tileColumns * (tile * rows + row);
}

export function floatsOf(memory: SharedMemory, { address, rows, columns }: TiledMatrix): Float32Array {
  return new Float32Array(memory.buffer, address, rows * columns);
}

/** Rows [from, to) as doubles, row-major. */
export function copyRows(memory: SharedMemory, matrix: TiledMatrix, from: number, to: number): Float64Array {
  const { rows, columns } = matrix;
  const floats = floatsOf(memory, matrix);
  const copy = new Float64Array((to - from) * columns);
  for (let tile = 0; tile < columns / tileColumns; tile++)
    for (let row = from; row < to; row++) {
      const source = tileColumns * (tile * rows + row);
      const target = (row - from) * columns + tile * tileColumns;
      for (let i = 0; i < tileColumns; i++) copy[target + i] = floats[source + i];
    }
  return copy;
}
