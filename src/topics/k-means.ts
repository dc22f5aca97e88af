// k-means on vectors of unit length (spherical): a cluster's centre is the direction of its rows' sum. Plain loops over
// doubles: the same clusters on every machine. Seeds by k-means++ (Arthur and Vassilvitskii 2007).
import { CancelledError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { createRandom } from "../base/random.js";

const mostIterations = 60;

/**
 * @param vectors - (rows, dim) of unit length.
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
): Promise<Int32Array> {
  const rows = vectors.length / dim;
  const clusters = new Int32Array(rows).fill(-1);
  let centres = firstCentres(vectors, dim, Math.min(count, rows), seed);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    watch.onProgress?.({ stage: "clustering", done: iteration, total: mostIterations });
    await new Promise((resolve) => setImmediate(resolve));
    if (watch.signal?.aborted) throw new CancelledError("Stopped while topics were found.");
    const { moved, worst } = assign(vectors, dim, centres, clusters);
    if (moved <= rows / 10_000) break;
    centres = centresOf(vectors, dim, clusters, centres.length / dim, worst);
  }
  return clusters;
}

/** The nearest of some centres (centres, dim) for each row; rows of zeros get −1. */
export function nearestCentres(vectors: Float32Array, dim: number, centres: Float64Array): Int32Array {
  const clusters = new Int32Array(vectors.length / dim).fill(-1);
  assign(vectors, dim, centres, clusters);
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

function assign(vectors: Float32Array, dim: number, centres: Float64Array, clusters: Int32Array) {
  const count = centres.length / dim;
  let [moved, worst, worstFit] = [0, 0, Number.POSITIVE_INFINITY];
  for (let row = 0; row < clusters.length; row++) {
    let [best, bestFit] = [-1, Number.NEGATIVE_INFINITY];
    for (let cluster = 0; cluster < count; cluster++) {
      const fit = dot(vectors, row * dim, centres, cluster * dim, dim);
      if (fit > bestFit) [best, bestFit] = [cluster, fit];
    }
    if (bestFit < worstFit) [worst, worstFit] = [row, bestFit];
    if (clusters[row] !== best) moved++;
    clusters[row] = best;
  }
  return { moved, worst };
}

function firstCentres(vectors: Float32Array, dim: number, count: number, seed: number): Float64Array {
  const rows = vectors.length / dim;
  const random = createRandom(seed);
  const centres = new Float64Array(count * dim);
  /** Squared distance to the nearest centre so far: 2 − 2 cos. */
  const distances = new Float64Array(rows).fill(1);
  for (let centre = 0; centre < count; centre++) {
    let left = random.float() * distances.reduce((a, b) => a + b, 0);
    let chosen = 0;
    while (chosen < rows - 1 && left > distances[chosen]) left -= distances[chosen++];
    centres.set(vectors.subarray(chosen * dim, (chosen + 1) * dim), centre * dim);
    for (let row = 0; row < rows; row++) {
      const distance = Math.max(0, 2 - 2 * dot(vectors, row * dim, centres, centre * dim, dim));
      distances[row] = centre === 0 ? distance : Math.min(distances[row], distance);
    }
  }
  return centres;
}

/** Four sums side by side, in a fixed order. */
function dot(a: Float32Array, aFrom: number, b: Float64Array, bFrom: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += a[aFrom + i] * b[bFrom + i];
    s1 += a[aFrom + i + 1] * b[bFrom + i + 1];
    s2 += a[aFrom + i + 2] * b[bFrom + i + 2];
    s3 += a[aFrom + i + 3] * b[bFrom + i + 3];
  }
  for (; i < length; i++) s0 += a[aFrom + i] * b[bFrom + i];
  return s0 + s1 + (s2 + s3);
}
