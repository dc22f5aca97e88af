// One classifier a label against the rows without it. Knows no texts.
import { mixSeed } from "../base/random.js";
import { commonStart } from "./common-start.js";
import { solveSvm, squaresOf } from "./solve-svm.js";
import type { SparseRows } from "./sparse-rows.js";
import type { Columns } from "./train-columns.js";

export interface LabelSettings {
  C: number;
  tolerance: number;
  seed: number;
  /** Those of a like problem, to start from. */
  duals?: Float32Array[];
}

/** With more of them, classifiers start from what they have in common, and their dual variables are not kept. */
const fewLabels = 200;

/**
 * A linear SVM for each label, learnt from `rows`. Rows without any label are negative in all.
 *
 * @param labelled the rows with each label, ascending
 * @param onLabel awaited after each
 */
export async function trainLabels(
  x: SparseRows,
  labelled: readonly Int32Array[],
  rows: Int32Array,
  { C, tolerance, seed, duals: given }: LabelSettings,
  onLabel: () => Promise<void>,
): Promise<Columns> {
  const columns = labelled.length;
  const weights = new Float32Array(x.features * columns);
  const bias = new Float32Array(columns);
  const duals: Float32Array[] = [];
  const squares = squaresOf(x, rows, C);
  const common = columns > fewLabels ? commonStart({ x, rows, C, seed, squares }) : undefined;
  const isUsed = new Uint8Array(x.rows);
  for (const row of rows) isUsed[row] = 1;
  for (const [label, own] of labelled.entries()) {
    const positives = own.filter((row) => isUsed[row] === 1);
    const signs = new Int8Array(x.rows).fill(-1);
    for (const row of positives) signs[row] = 1;
    const start = common ? { begin: common.startFor(positives) } : { duals: given?.[label] };
    const solution = solveSvm({ x, signs, rows, C, tolerance, seed: mixSeed(seed, label), squares, ...start });
    if (common) common.learn(positives, solution.duals);
    else duals.push(solution.duals);
    for (let f = 0; f < x.features; f++) weights[f * columns + label] = solution.weights[f];
    bias[label] = solution.bias;
    await onLabel();
  }
  return { columns, weights, bias, duals };
}
