// For every row its nearest other rows. Approximate, in memory, the same at every run.
import { breather } from "../base/breather.js";
import type { Watch } from "../base/progress.js";
import { addRows, createNativeIndex } from "./usearch.js";

/** Row-major (rows, count), nearest first; the row itself is not among them. −1 where there are fewer. */
export interface NeighbourGraph {
  count: number;
  rows: Int32Array;
  /** Cosines; 0 where there is no row. */
  similarities: Float32Array;
}

const breathe = breather("Stopped while searching for neighbours.");
const rowsAtOnce = 1000;

/**
 * @param vectors - (rows, dim), row-major, of any length but zero.
 * @example
 * const { rows } = await neighbourGraph(vectors, 300, 15);
 * rows.subarray(0, 15); // the 15 rows nearest to row 0
 */
export async function neighbourGraph(
  vectors: Float32Array,
  dim: number,
  count: number,
  watch: Watch = {},
): Promise<NeighbourGraph> {
  const total = vectors.length / dim;
  const index = createNativeIndex(dim);
  for (let row = 0; row < total; row += rowsAtOnce) {
    addRows(index, row, vectors.subarray(row * dim, (row + rowsAtOnce) * dim), dim);
    await breathe(watch, "neighbours", Math.min(total, row + rowsAtOnce), 2 * total);
  }
  const rows = new Int32Array(total * count).fill(-1);
  const similarities = new Float32Array(total * count);
  const asked = Math.min(total, count + 1);
  for (let row = 0; row < total; row++) {
    if (row % rowsAtOnce === 0) await breathe(watch, "neighbours", total + row, 2 * total);
    const { keys, distances } = index.search(vectors.subarray(row * dim, (row + 1) * dim), asked, 1);
    let kept = 0;
    for (let i = 0; i < keys.length && kept < count; i++) {
      const other = Number(keys[i]);
      if (other === row || other >= total) continue;
      rows[row * count + kept] = other;
      similarities[row * count + kept++] = 1 - distances[i];
    }
  }
  return { count, rows, similarities };
}
