// Principal components of rows: the directions in which they differ most.
import { CancelledError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";

/** Covariances are read from at most so many rows, those of the largest weight. */
const mostRows = 65_536;
/** Between two looks at the signal. */
const rowsAtOnce = 2048;

export interface PrincipalOptions {
  /** Directions that are kept; at most as many as the rows have numbers. */
  components: number;
  /** Weight of each row in the mean. Default: all the same. */
  inMean?: Float64Array;
  /** Weight of each row in the covariance. Default: all the same. */
  inCovariance?: Float64Array;
}

export interface PrincipalComponents {
  /** Rows less their mean, along the components: row-major (rows, components). */
  values: Float32Array;
  /** Of the components, the largest first. */
  variances: Float64Array;
}

/**
 * Of the two directions of a component it is the one whose largest number is positive.
 *
 * @param rows - row-major (rows, dim)
 * @throws CancelledError after an abort
 * @example
 * const { values } = await principalComponents(vectors, 384, { components: 256 });
 */
export async function principalComponents(
  rows: Float32Array,
  dim: number,
  { components, inMean, inCovariance }: PrincipalOptions,
  watch: Watch = {},
): Promise<PrincipalComponents> {
  const kept = Math.min(components, dim);
  const total = rows.length / dim;
  const [means, spreads] = [shares(inMean, total), shares(inCovariance, total)];
  const read = [...spreads.keys()].filter((row) => spreads[row] > 0).sort((a, b) => spreads[b] - spreads[a] || a - b);
  read.length = Math.min(read.length, mostRows);
  const work = read.length + total;
  const turn = async (done: number) => {
    watch.onProgress?.({ stage: "principal components", done, total: work });
    await new Promise((resolve) => setImmediate(resolve));
    if (watch.signal?.aborted) throw new CancelledError("Stopped before the vectors were made.");
  };
  const mean = new Float64Array(dim);
  for (let row = 0; row < total; row++)
    if (means[row] > 0) for (let d = 0; d < dim; d++) mean[d] += means[row] * rows[row * dim + d];
  const covariance = Array.from({ length: dim }, () => new Float64Array(dim));
  const one = new Float64Array(dim);
  for (const [i, row] of read.entries()) {
    if (i % rowsAtOnce === 0) await turn(i);
    for (let d = 0; d < dim; d++) one[d] = rows[row * dim + d] - mean[d];
    for (let a = 0; a < dim; a++) {
      const own = covariance[a];
      const value = spreads[row] * one[a];
      for (let b = 0; b <= a; b++) own[b] += value * one[b];
    }
  }
  for (let a = 0; a < dim; a++) for (let b = 0; b < a; b++) covariance[b][a] = covariance[a][b];
  const { directions, variances } = await leading(covariance, kept);
  const values = new Float32Array(total * kept);
  for (let row = 0; row < total; row++) {
    if (row % rowsAtOnce === 0) await turn(read.length + row);
    for (let d = 0; d < dim; d++) one[d] = rows[row * dim + d] - mean[d];
    for (let k = 0; k < kept; k++) {
      const direction = directions[k];
      let sum = 0;
      for (let d = 0; d < dim; d++) sum += direction[d] * one[d];
      values[row * kept + k] = sum;
    }
  }
  return { values, variances };
}

function shares(weights: Float64Array | undefined, total: number): Float64Array {
  if (!weights) return new Float64Array(total).fill(1 / total);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Eigenvectors of a symmetric matrix, that of the largest value first. */
async function leading(matrix: readonly Float64Array[], count: number) {
  const { EigenvalueDecomposition, Matrix } = await import("ml-matrix");
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(matrix as Float64Array[]), {
    assumeSymmetric: true,
  });
  const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[b] - realEigenvalues[a] || a - b);
  const chosen = order.slice(0, count);
  const directions = chosen.map((column) => {
    const direction = Float64Array.from(eigenvectorMatrix.getColumn(column));
    const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    return largest < 0 ? direction.map((value) => -value) : direction;
  });
  return { directions, variances: Float64Array.from(chosen, (column) => Math.max(0, realEigenvalues[column])) };
}
