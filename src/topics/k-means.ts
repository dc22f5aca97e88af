// k-means on vectors of unit length (spherical): a cluster's centre is the direction of its rows' sum. Seeds by k-means++
// (Arthur and Vassilvitskii 2007). The same clusters on every machine.
import { CancelledError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { createRandom } from "../base/random.js";
import { chunk, createRowProducts, type RowProducts } from "./row-products.js";

const mostIterations = 60;

/**
 * @param vectors - (rows, dim) of unit length.
 * @param starts - (some, dim): centres to begin with, at most `count`; the others are drawn.
 * @returns the cluster of each row, from 0
 * @example
 * const clusters = await kMeans(vectors, 200, 77, 0);
 */
export async function kMeans(
  vectors: Float32Array,
  dim: number,
  count: number,
  seed: number,
  watch: Watch = {},
  starts: Float64Array = new Float64Array(0),
): Promise<Int32Array> {
  const rows = vectors.length / dim;
  const clusters = new Int32Array(rows).fill(-1);
  let centres = firstCentres(vectors, dim, Math.min(count, rows), seed, starts);
  const fits = createRowProducts(vectors, dim, centres.length / dim);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    watch.onProgress?.({ stage: "clustering", done: iteration, total: mostIterations });
    await new Promise((resolve) => setImmediate(resolve));
    if (watch.signal?.aborted) throw new CancelledError("Stopped during clustering.");
    fits.setColumns(centres);
    const { moved, worst } = assign(fits, centres.length / dim, clusters);
    if (moved <= rows / 10_000) break;
    centres = centresOf(vectors, dim, clusters, centres.length / dim, worst);
  }
  return clusters;
}

/** The nearest of some centres (centres, dim) for each row. */
export function nearestCentres(vectors: Float32Array, dim: number, centres: Float64Array): Int32Array {
  const clusters = new Int32Array(vectors.length / dim).fill(-1);
  const fits = createRowProducts(vectors, dim, centres.length / dim);
  fits.setColumns(centres);
  assign(fits, centres.length / dim, clusters);
  return clusters;
}

/** Unit vectors along the sums of each cluster's rows; an empty cluster starts anew at the row that fits worst. */
export function centresOf(
  vectors: Float32Array,
  dim: number,
  clusters: Int32Array,
  count: number,
  worst = 0,
): Float64Array {
  const centres = new Float64Array(count * dim);
  const sizes = new Int32Array(count);
  for (let row = 0; row < clusters.length; row++) {
    const cluster = clusters[row];
    if (cluster < 0) continue;
    sizes[cluster]++;
    for (let d = 0; d < dim; d++) centres[cluster * dim + d] += vectors[row * dim + d];
  }
  for (let cluster = 0; cluster < count; cluster++) {
    const centre = centres.subarray(cluster * dim, (cluster + 1) * dim);
    if (sizes[cluster] === 0) centre.set(vectors.subarray(worst * dim, (worst + 1) * dim));
    let square = 0;
    for (let d = 0; d < dim; d++) square += centre[d] * centre[d];
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let d = 0; d < dim; d++) centre[d] *= scale;
  }
  return centres;
}

/** Moves each row to the centre that fits best; says how many moved, and which row fits worst. */
function assign(fits: RowProducts, count: number, clusters: Int32Array) {
  let [moved, worst, worstFit] = [0, 0, Number.POSITIVE_INFINITY];
  for (let from = 0; from < clusters.length; from += chunk) {
    const to = Math.min(clusters.length, from + chunk);
    const products = fits.products(from, to);
    for (let row = from; row < to; row++) {
      const start = (row - from) * fits.width;
      let [best, bestFit] = [-1, Number.NEGATIVE_INFINITY];
      for (let cluster = 0; cluster < count; cluster++) {
        const fit = products[start + cluster];
        if (fit > bestFit) [best, bestFit] = [cluster, fit];
      }
      if (bestFit < worstFit) [worst, worstFit] = [row, bestFit];
      if (clusters[row] !== best) moved++;
      clusters[row] = best;
    }
  }
  return { moved, worst };
}

function firstCentres(
  vectors: Float32Array,
  dim: number,
  count: number,
  seed: number,
  starts: Float64Array,
): Float64Array {
  const rows = vectors.length / dim;
  const random = createRandom(seed);
  const centres = new Float64Array(count * dim);
  centres.set(starts.subarray(0, count * dim));
  const fits = createRowProducts(vectors, dim, 1);
  /** Squared distance to the nearest centre so far: 2 − 2 cos. */
  const distances = new Float64Array(rows).fill(1);
  for (let centre = 0; centre < count; centre++) {
    if ((centre + 1) * dim > starts.length) {
      let left = random.float() * distances.reduce((a, b) => a + b, 0);
      let chosen = 0;
      while (chosen < rows - 1 && left > distances[chosen]) left -= distances[chosen++];
      centres.set(vectors.subarray(chosen * dim, (chosen + 1) * dim), centre * dim);
    }
    fits.setColumns(centres.subarray(centre * dim, (centre + 1) * dim));
    for (let from = 0; from < rows; from += chunk) {
      const products = fits.products(from, Math.min(rows, from + chunk));
      for (let row = from; row < Math.min(rows, from + chunk); row++) {
        const distance = Math.max(0, 2 - 2 * products[(row - from) * fits.width]);
        distances[row] = centre === 0 ? distance : Math.min(distances[row], distance);
      }
    }
  }
  return centres;
}
