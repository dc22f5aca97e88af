// What is measured of a regression on held-out rows, defined once.
import { z } from "zod";
import {
  coverage,
  type Interval,
  quantile,
  regressionIntervals,
  regressionScores,
  wilsonInterval,
} from "../../metrics/index.js";
import type { Figure } from "../../report/figure.js";
import { known, resamplesFor } from "../intervals.js";
import { quantileGroups } from "./quantile-groups.js";
import { boundsOf, intervalLevel, type NumberSpace } from "./space.js";

const interval = z.object({ low: z.number(), high: z.number() });
const size = z.number().min(0);

/** Results on rows that training never touched, in units of the numbers. */
export const numberScoresSchema = z.object({
  rows: z.number(),
  mae: size.describe("Mean absolute error"),
  maeInterval: interval.optional().describe("95 %, bootstrap over the rows, like the others"),
  rmse: size.describe("Root of the mean squared error"),
  rmseInterval: interval.optional(),
  r2: z.number().nullable().describe("1 − squared errors / squared deviations from the mean; null for one row"),
  r2Interval: interval.optional(),
  spearman: z.number().nullable().describe("Rank correlation; null where all numbers or all predictions are the same"),
  spearmanInterval: interval.optional(),
  medianError: size.describe("Median of the absolute errors"),
  meanError: z.number().describe("Mean of predicted − true: above 0, predictions are too high"),
  coverage: z.number().describe("Share of rows whose number is in its 90 % interval"),
  coverageInterval: interval.describe("95 %, Wilson"),
  meanWidth: size.describe("Of the 90 % intervals"),
  ranges: z
    .array(z.object({ from: z.number(), to: z.number(), rows: z.number(), mae: size, meanPrediction: z.number() }))
    .describe("By true number, in groups of about the same size"),
});
export type NumberScores = z.infer<typeof numberScoresSchema>;

/** Groups of true numbers; a scale of so many values is told value by value. */
const mostRanges = 10;

/**
 * @param truth numbers, shape (rows)
 * @param predicted numbers in the range of the space, shape (rows)
 * @param seed of the bootstrap
 * @param clusters groups of rows that come together
 * @example
 * scoreNumbers([1, 2, 4], Float64Array.of(1, 2, 3), { least: 1, most: 5, areWhole: true, halfWidth: 1 }, 0).mae; // 0.333…
 */
export function scoreNumbers(
  truth: ArrayLike<number>,
  predicted: Float64Array,
  space: NumberSpace,
  seed: number,
  clusters?: Int32Array,
): NumberScores {
  const rows = predicted.length;
  const { mae, rmse, r2, spearman } = regressionScores(truth, predicted);
  const intervals = regressionIntervals(truth, predicted, { seed, resamples: resamplesFor(5 * rows), clusters });
  const errors = predicted.map((number, row) => number - truth[row]);
  const { low, high } = boundsOf(predicted, space);
  const covered = coverage(truth, low, high);
  return {
    rows,
    mae,
    ...given("mae", intervals.mae),
    rmse,
    ...given("rmse", intervals.rmse),
    r2: known(r2),
    ...given("r2", intervals.r2),
    spearman: known(spearman),
    ...given("spearman", intervals.spearman),
    medianError: quantile(errors.map(Math.abs).sort(), 0.5),
    meanError: meanOf(errors),
    coverage: covered,
    coverageInterval: wilsonInterval(Math.round(covered * rows), rows),
    meanWidth: meanOf(high.map((bound, row) => bound - low[row])),
    ranges: rangesOf(truth, predicted),
  };
}

/** The figures of a model, the most telling one first. */
export function figuresOf(scores: Partial<NumberScores> & Pick<NumberScores, "mae" | "r2" | "rmse" | "spearman">) {
  const { mae, maeInterval, r2, r2Interval, rmse, rmseInterval, spearman, spearmanInterval } = scores;
  const figures: Figure[] = [
    { name: "mae", title: "MAE", value: mae, interval: maeInterval, isShare: false, higherIsBetter: false },
    { name: "r2", title: "R²", value: r2 ?? Number.NaN, interval: r2Interval, isShare: false },
    { name: "rmse", title: "RMSE", value: rmse, interval: rmseInterval, isShare: false, higherIsBetter: false },
    { name: "spearman", title: "Spearman", value: spearman ?? Number.NaN, interval: spearmanInterval, isShare: false },
  ];
  const { coverage: value, coverageInterval } = scores;
  if (value !== undefined)
    figures.push({ name: "coverage", title: intervalTitle, value, interval: coverageInterval, isShare: true });
  return figures;
}

export const intervalTitle = `In the ${100 * intervalLevel} % interval`;

/** Of rows that all get the same answer. */
export function constantScores(truth: ArrayLike<number>, answer: number) {
  return regressionScores(
    truth,
    Float64Array.from({ length: truth.length }, () => answer),
  );
}

/** The figures of some rows, at the cost of these alone: the interval of the mean absolute error by its standard error. */
export function quickScores(truth: ArrayLike<number>, predicted: Float64Array) {
  const scores = regressionScores(truth, predicted);
  const { mae } = scores;
  const rows = predicted.length;
  if (rows < 2) return scores;
  const squares = predicted.reduce((sum, number, row) => sum + (Math.abs(number - truth[row]) - mae) ** 2, 0);
  const reach = 1.96 * Math.sqrt(squares / (rows - 1) / rows);
  return { ...scores, maeInterval: { low: Math.max(0, mae - reach), high: mae + reach } };
}

function rangesOf(truth: ArrayLike<number>, predicted: Float64Array): NumberScores["ranges"] {
  const groups = quantileGroups(truth, mostRanges);
  const ranges: NumberScores["ranges"] = [];
  for (const [row, group] of groups.entries()) {
    const own = truth[row];
    ranges[group] ??= { from: own, to: own, rows: 0, mae: 0, meanPrediction: 0 };
    const range = ranges[group];
    range.from = Math.min(range.from, own);
    range.to = Math.max(range.to, own);
    range.rows++;
    range.mae += Math.abs(predicted[row] - own);
    range.meanPrediction += predicted[row];
  }
  return ranges.map((range) => ({
    ...range,
    mae: range.mae / range.rows,
    meanPrediction: range.meanPrediction / range.rows,
  }));
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** JSON has no NaN. */
function given<Name extends string>(name: Name, { low, high }: Interval) {
  return (Number.isFinite(low) && Number.isFinite(high) ? { [`${name}Interval`]: { low, high } } : {}) as {
    [key in `${Name}Interval`]?: Interval;
  };
}
