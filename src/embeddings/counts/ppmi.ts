// From counts to positive pointwise mutual information: how much more often two words meet than chance would have it.
import { join } from "node:path";
import type { Watch } from "../../base/progress.js";
import type { SparseMatrix } from "../sparse-matrix.js";
import type { Pool } from "../workers/pool.js";
import type { PairCounts } from "./count-pairs.js";

export interface PpmiOptions {
  /** Contexts count as #(c)^smoothing: rare ones get less weight. Default 0.75. */
  smoothing?: number;
  /** log k is subtracted before negative values become 0. Default 1: nothing is subtracted. */
  shift?: number;
  /** For temporary files; the matrix stays there. */
  folder: string;
}

/**
 * max(0, log( #(w, c) Σ_c' #(c')^α / (#(w) #(c)^α) ) - log k). The second series of values is that of the transpose.
 *
 * Source: O. Levy, Y. Goldberg, I. Dagan 2015, Improving Distributional Similarity with Lessons Learned from Word
 * Embeddings, TACL 3.
 */
export async function ppmi(
  { matrix, rowSums }: PairCounts,
  { smoothing = 0.75, shift = 1, folder }: PpmiOptions,
  pool: Pool,
  watch: Watch = {},
): Promise<SparseMatrix> {
  const smoothed = rowSums.map((sum) => sum ** smoothing);
  const total = smoothed.reduce((a, b) => a + b, 0);
  const shared = {
    logRows: rowSums.map(Math.log),
    logContexts: smoothed.map((value) => Math.log(value / total)),
    logShift: Math.log(shift),
  };
  const inputs = matrix.blocks.map((block, i) => ({ ...shared, block, out: join(folder, `ppmi-${i}`) }));
  const blocks = await pool.run("ppmi", inputs, { ...watch, stage: "mutual information" });
  return { ...matrix, blocks };
}
