// How far predicted numbers are from the true ones. Definitions of scikit-learn and SciPy.
import { type BootstrapOptions, bootstrapRows } from "./bootstrap-rows.js";
import { checkSameLength } from "./check-lengths.js";
import { spearman } from "./spearman.js";
import type { Interval } from "./wilson-interval.js";

export interface RegressionScores {
  /** Mean absolute error, in units of the numbers. */
  mae: number;
  /** Root of the mean squared error, in units of the numbers. */
  rmse: number;
  /** 1 − Σ(y − p)² / Σ(y − mean y)²; of constant numbers 1 where all are exact, otherwise 0. NaN for fewer than two rows. */
  r2: number;
  /** Rank correlation in [−1, 1]; NaN where one side is constant. */
  spearman: number;
}

/**
 * All NaN for no rows.
 *
 * @param truth numbers, shape (rows)
 * @param predicted numbers, shape (rows)
 * @throws RangeError when the lengths differ
 * @example
 * regressionScores([1, 2, 3], [1, 3, 2]); // { mae: 0.666…, rmse: 0.816…, r2: 0, spearman: 0.5 }
 */
export function regressionScores(truth: ArrayLike<number>, predicted: ArrayLike<number>): RegressionScores {
  checkSameLength(truth, predicted);
  const all = Int32Array.from({ length: truth.length }, (_, row) => row);
  return { ...errorsOf(truth, predicted, all), spearman: spearman(truth, predicted) };
}

/**
 * Percentile bootstrap intervals over rows; default 1,000 resamples, 95 %. Resamples in which a figure is undefined do not
 * count for it. The same seed gives the same intervals.
 *
 * @param truth numbers, shape (rows)
 * @param predicted numbers, shape (rows)
 * @throws RangeError when the lengths differ
 * @example
 * regressionIntervals(truth, predicted, { seed: 1 }).mae; // { low: 0.71, high: 0.83 }
 */
export function regressionIntervals(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: BootstrapOptions = {},
): Record<keyof RegressionScores, Interval> {
  checkSameLength(truth, predicted);
  const ranked = rankedRows(truth, predicted);
  return bootstrapRows(truth.length, options, (sample) => ({
    ...errorsOf(truth, predicted, sample),
    spearman: ranked(sample),
  }));
}

/**
 * One figure of any of these rows, a row as often as it stands there, at the cost of this figure alone.
 *
 * @param truth numbers, shape (rows)
 * @param predicted numbers, shape (rows)
 * @throws RangeError when the lengths differ
 * @example
 * regressionFigure("mae", [1, 2, 3], [1, 3, 2])([1, 1]); // 1
 */
export function regressionFigure(
  name: keyof RegressionScores,
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
): (rows: ArrayLike<number>) => number {
  checkSameLength(truth, predicted);
  if (name === "spearman") return rankedRows(truth, predicted);
  return (rows) => errorsOf(truth, predicted, rows)[name];
}

/** Spearman's correlation of any of the rows. */
function rankedRows(truth: ArrayLike<number>, predicted: ArrayLike<number>): (sample: ArrayLike<number>) => number {
  const [x, y] = [resampledRanks(truth), resampledRanks(predicted)];
  return (sample) => {
    const middle = (sample.length + 1) / 2;
    const [a, b] = [x(sample), y(sample)];
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = 0; i < sample.length; i++) {
      const [da, db] = [a[i] - middle, b[i] - middle];
      ab += da * db;
      aa += da * da;
      bb += db * db;
    }
    return ab / Math.sqrt(aa * bb);
  };
}

function errorsOf(truth: ArrayLike<number>, predicted: ArrayLike<number>, sample: ArrayLike<number>) {
  const rows = sample.length;
  let [absolute, squared, sum, isConstant] = [0, 0, 0, true];
  for (let i = 0; i < rows; i++) {
    const [y, error] = [truth[sample[i]], truth[sample[i]] - predicted[sample[i]]];
    absolute += Math.abs(error);
    squared += error * error;
    sum += y;
    if (y !== truth[sample[0]]) isConstant = false;
  }
  const mean = sum / rows;
  let spread = 0;
  for (let i = 0; i < rows; i++) spread += (truth[sample[i]] - mean) ** 2;
  const exact = squared === 0 ? 1 : 0;
  const r2 = rows < 2 ? Number.NaN : isConstant ? exact : 1 - squared / spread;
  return { mae: absolute / rows, rmse: Math.sqrt(squared / rows), r2 };
}

/** Ranks within a resample, the mean of their places for equal values, by counting: the values are sorted once. */
function resampledRanks(values: ArrayLike<number>): (sample: ArrayLike<number>) => Float64Array {
  const distinct = Float64Array.from(new Set(Array.from(values))).sort();
  const placeOf = new Map(Array.from(distinct, (value, place) => [value, place]));
  const places = Int32Array.from(values as ArrayLike<number> & Iterable<number>, (value) => placeOf.get(value)!);
  const counts = new Int32Array(distinct.length);
  const rankAt = new Float64Array(distinct.length);
  let ranks = new Float64Array(values.length);
  return (sample) => {
    if (sample.length > ranks.length) ranks = new Float64Array(2 * sample.length);
    counts.fill(0);
    for (let i = 0; i < sample.length; i++) counts[places[sample[i]]]++;
    for (let place = 0, below = 0; place < counts.length; below += counts[place++])
      rankAt[place] = below + (counts[place] + 1) / 2;
    for (let i = 0; i < sample.length; i++) ranks[i] = rankAt[places[sample[i]]];
    return ranks;
  };
}
