// Where the classifiers of many classes start: nearly all rows are negative in each, so they have most of their solution in
// common. Knows rows and signs, no texts.
import { type SvmSolution, solveSvm } from "./solve-svm.js";
import type { SparseRows } from "./sparse-rows.js";

export interface CommonStart {
  /** The beginning for a class with these positive rows; valid until the next call. */
  startFor(positives: Int32Array): Pick<SvmSolution, "weights" | "bias" | "duals">;
  /** What a class came to: the next one is thought to be like it. */
  learn(positives: Int32Array, duals: Float32Array): void;
}

export interface CommonProblem {
  x: SparseRows;
  rows: Int32Array;
  C: number;
  seed: number;
  squares: Float64Array;
}

/** The problem of all rows negative is solved once, and closely. */
const closeTolerance = 1e-3;

/**
 * The rows of a class turn from negative to positive with the dual that those of the classes before had; the dual of every
 * other row grows by the same amount, so that the bias stays where it was.
 */
export function commonStart(problem: CommonProblem): CommonStart {
  const { x, rows } = problem;
  const signs = new Int8Array(x.rows).fill(-1);
  const all = solveSvm({ ...problem, signs, tolerance: closeTolerance });
  const sums = new Float64Array(x.features);
  for (const row of rows) addRow(x, row, 1, sums);
  const weights = new Float64Array(x.features);
  const duals = new Float32Array(x.rows);
  let guess = 0;
  return {
    startFor(positives) {
      const others = rows.length - positives.length;
      const growth = others > 0 ? (guess * positives.length) / others : 0;
      let bias = all.bias - growth * others;
      for (let f = 0; f < weights.length; f++) weights[f] = all.weights[f] - growth * sums[f];
      for (const row of rows) duals[row] = all.duals[row] + growth;
      for (const row of positives) {
        const turned = all.duals[row] + guess;
        addRow(x, row, turned + growth, weights);
        bias += turned;
        duals[row] = guess;
      }
      return { weights, bias, duals };
    },
    learn(positives, found) {
      let sum = 0;
      for (const row of positives) sum += found[row];
      if (positives.length > 0) guess = sum / positives.length;
    },
  };
}

function addRow({ start, ids, values }: SparseRows, row: number, factor: number, sums: Float64Array): void {
  for (let at = start[row]; at < start[row + 1]; at++) sums[ids[at]] += factor * values[at];
}
