// Fits the classifiers one against the rest on sparse rows and applies them. Knows no texts.
import { mixSeed } from "../base/random.js";
import { commonStart } from "./common-start.js";
import { countByClass, featureScales } from "./log-count-ratios.js";
import { solveSvm, squaresOf } from "./solve-svm.js";
import type { SparseRows } from "./sparse-rows.js";

export interface Columns {
  columns: number;
  /** Row-major (features, columns). */
  weights: Float32Array;
  /** Shape (columns). */
  bias: Float32Array;
  /** Dual variables of the training rows for each column. */
  duals: Float32Array[];
}

export interface ColumnSettings {
  C: number;
  /** Weight of the log-count ratios in [0, 1]. */
  ratio: number;
  tolerance: number;
  seed: number;
  /** Those of a like problem, to start from. */
  duals?: Float32Array[];
}

/** With more of them, columns start from what they have in common. */
const fewClasses = 200;

/** One SVM a class (for two classes one in all), learnt from `rows`. `onColumn` is awaited after each. */
export async function trainColumns(
  x: SparseRows,
  labels: Int32Array,
  rows: Int32Array,
  classes: number,
  settings: ColumnSettings,
  onColumn: () => Promise<void>,
): Promise<Columns> {
  const { C, ratio, tolerance, seed } = settings;
  const duals: Float32Array[] = [];
  const columns = classes === 2 ? 1 : classes;
  const weights = new Float32Array(x.features * columns);
  const bias = new Float32Array(columns);
  const signs = new Int8Array(x.rows);
  const byClass = ratio > 0 ? countByClass(x, labels, rows, classes) : [];
  const inAll = new Int32Array(ratio > 0 ? x.features : 0);
  for (const counts of byClass) for (let f = 0; f < x.features; f++) inAll[f] += counts[f];
  const scaled = ratio > 0 ? { ...x, values: new Float32Array(x.values.length) } : x;
  const squares = ratio > 0 ? undefined : squaresOf(x, rows, C);
  const common = squares && classes > fewClasses ? commonStart({ x, rows, C, seed, squares }) : undefined;
  for (let column = 0; column < columns; column++) {
    const positive = classes === 2 ? 1 : column;
    for (const row of rows) signs[row] = labels[row] === positive ? 1 : -1;
    const positives = common ? rows.filter((row) => signs[row] > 0) : rows;
    const scales = ratio > 0 ? ngramScales(x, rows, byClass[positive], inAll, ratio) : undefined;
    if (scales) for (let at = 0; at < x.values.length; at++) scaled.values[at] = x.values[at] * scales[x.ids[at]];
    const solution = solveSvm({
      x: scaled,
      signs,
      rows,
      C,
      tolerance,
      seed: mixSeed(seed, column),
      duals: settings.duals?.[column],
      begin: settings.duals ? undefined : common?.startFor(positives),
      squares,
    });
    common?.learn(positives, solution.duals);
    duals.push(solution.duals);
    for (let f = 0; f < x.features; f++) weights[f * columns + column] = solution.weights[f] * (scales ? scales[f] : 1);
    bias[column] = solution.bias;
    await onColumn();
  }
  return { columns, weights, bias, duals };
}

/** Row-major margins (rows, columns) of the given rows. */
export function marginsOf(
  x: SparseRows,
  rows: Int32Array,
  { columns, weights, bias }: Pick<Columns, "columns" | "weights" | "bias">,
): Float32Array {
  const margins = new Float32Array(rows.length * columns);
  const sums = new Float64Array(columns);
  for (let i = 0; i < rows.length; i++) {
    addMargins(x.ids, x.values, x.start[rows[i]], x.start[rows[i] + 1], columns, weights, bias, sums);
    margins.set(sums, i * columns);
  }
  return margins;
}

/** sums = bias + Σ valueₐ · weights[idₐ] over the entries [from, to). */
export function addMargins(
  ids: Int32Array,
  values: Float32Array,
  from: number,
  to: number,
  columns: number,
  weights: Float32Array,
  bias: Float32Array,
  sums: Float64Array,
): void {
  if (columns === 1) {
    let sum = bias[0];
    for (let at = from; at < to; at++) sum += values[at] * weights[ids[at]];
    sums[0] = sum;
    return;
  }
  sums.set(bias);
  for (let at = from; at < to; at++) {
    const value = values[at];
    const first = ids[at] * columns;
    for (let c = 0; c < columns; c++) sums[c] += value * weights[first + c];
  }
}

/** Scales of all features; numbers of vectors, which every row has, keep theirs. */
function ngramScales(x: SparseRows, rows: Int32Array, inClass: Int32Array, inAll: Int32Array, ratio: number) {
  const { features, ngrams = features } = x;
  const own = unitScales(x, rows, featureScales(inClass.subarray(0, ngrams), inAll.subarray(0, ngrams), ratio));
  if (ngrams === features) return own;
  const scales = new Float32Array(features).fill(1);
  scales.set(own);
  return scales;
}

/** Scales the scales of n-grams so that the mean squared length of the rows stays 1: C keeps its meaning. */
function unitScales(x: SparseRows, rows: Int32Array, scales: Float32Array): Float32Array {
  let squares = 0;
  for (const row of rows) {
    for (let at = x.start[row]; at < x.start[row + 1]; at++) {
      if (x.ids[at] >= scales.length) continue;
      const value = x.values[at] * scales[x.ids[at]];
      squares += value * value;
    }
  }
  if (squares > 0) {
    const factor = Math.sqrt(rows.length / squares);
    for (let f = 0; f < scales.length; f++) scales[f] *= factor;
  } else scales.fill(1);
  return scales;
}
