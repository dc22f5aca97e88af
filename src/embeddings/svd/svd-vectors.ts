// Vectors from counts: pairs, their positive pointwise mutual information, its leading singular vectors.
import type { Watch } from "../../base/progress.js";
import type { Corpus } from "../corpus.js";
import { countPairs } from "../counts/count-pairs.js";
import { ppmi } from "../counts/ppmi.js";
import { createPool } from "../workers/pool.js";
import { truncatedSvd } from "./truncated-svd.js";

export interface SvdVectorOptions {
  dim: number;
  window: number;
  /** Default 1e-4. */
  subsample?: number;
  /** Power p of the singular values. Default 0. */
  eigenvalueWeight?: number;
  seed: number;
  threads: number;
  /** For temporary files. */
  folder: string;
}

/**
 * Rows of U Sᵖ, scaled so that the mean squared length is 1: (words, dim) row-major. `dim` is lower than asked for where
 * the texts do not hold more, 0 where no two words meet more often than by chance.
 *
 * @example
 * const { vectors, dim } = await svdVectors(corpus, { dim: 300, window: 5, seed: 0, threads: 2, folder });
 */
export async function svdVectors(
  corpus: Omit<Corpus, "texts">,
  { dim: wanted, window, subsample = 1e-4, eigenvalueWeight = 0, seed, threads, folder }: SvdVectorOptions,
  watch: Watch = {},
): Promise<{ vectors: Float32Array; dim: number }> {
  const pool = createPool(threads);
  let matrix: Awaited<ReturnType<typeof ppmi>>;
  try {
    const countOptions = { window, distanceWeight: "dynamic", subsample, seed, folder } as const;
    const counts = await countPairs(corpus, countOptions, pool, watch);
    matrix = await ppmi(counts, { folder }, pool, watch);
  } finally {
    await pool.close();
  }
  const { left, singularValues } = await truncatedSvd(matrix, { dim: wanted, seed, threads }, watch);
  const dim = singularValues.length;
  const weights = singularValues.map((value) => value ** eigenvalueWeight);
  const words = dim === 0 ? 0 : left.length / dim;
  const scale = Math.sqrt(words / weights.reduce((sum, weight) => sum + weight * weight, 0));
  for (let i = 0; i < left.length; i++) left[i] *= scale * weights[i % dim];
  return { vectors: left, dim };
}
