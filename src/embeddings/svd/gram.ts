// YᵀY of some rows of a tall matrix, in doubles. Runs in a worker thread.
import type { KernelPlace } from "../kernels/kernels.js";
import { copyRows, type TiledMatrix } from "./tiles.js";

export interface GramInput {
  y: TiledMatrix;
  from: number;
  to: number;
}

/** Rows whose columns stay in the cache. */
const rowsAtOnce = 32;

/** Row-major (columns, columns), the upper triangle alone. */
export function gram({ y, from, to }: GramInput, { memory }: KernelPlace): Float64Array {
  const n = y.columns;
  const sums = new Float64Array(n * n);
  for (let start = from; start < to; start += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, to - start);
    const chunk = copyRows(memory, y, start, start + rows);
    let r = 0;
    // Four rows at a time: each sum is loaded and stored once for four products.
    for (; r + 4 <= rows; r += 4) {
      const [a, b, c, d] = [r * n, (r + 1) * n, (r + 2) * n, (r + 3) * n];
      for (let i = 0; i < n; i++) {
        const [ai, bi, ci, di] = [chunk[a + i], chunk[b + i], chunk[c + i], chunk[d + i]];
        const at = i * n;
        for (let j = i; j < n; j++)
          sums[at + j] += ai * chunk[a + j] + bi * chunk[b + j] + ci * chunk[c + j] + di * chunk[d + j];
      }
    }
    for (; r < rows; r++)
      for (let i = 0; i < n; i++) {
        const value = chunk[r * n + i];
        for (let j = i; j < n; j++) sums[i * n + j] += value * chunk[r * n + j];
      }
  }
  return sums;
}
