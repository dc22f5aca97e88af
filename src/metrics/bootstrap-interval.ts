// Seeded percentile bootstrap over rows (Efron 1979). Knows rows as confusion-matrix cells, not as texts.
import { createRandom, mixSeed } from "../base/random.js";
import { checkSameLength } from "./check-lengths.js";
import { macroF1 } from "./class-scores.js";
import { confusionMatrix } from "./confusion-matrix.js";
import type { Interval } from "./wilson-interval.js";

export interface BootstrapOptions {
  /** Seed of the resampling. */
  seed?: number;
  /** Number of resampled tables. */
  resamples?: number;
  /** Share of resamples inside the interval. */
  level?: number;
}

/**
 * Percentile interval of a statistic of the confusion matrix; default macro F1, 1,000 resamples, 95 %.
 * The same seed gives the same interval.
 *
 * @example
 * bootstrapInterval(truth, predicted, classes, { seed: 1 }); // { low: 0.81, high: 0.88 }
 */
export function bootstrapInterval(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  options: BootstrapOptions = {},
  statistic: (confusion: Int32Array, classes: number) => number = macroF1,
): Interval {
  const { seed = 0, resamples = 1000, level = 0.95 } = options;
  checkSameLength(truth, predicted);
  const rows = truth.length;
  if (rows === 0) return { low: Number.NaN, high: Number.NaN };
  confusionMatrix(truth, predicted, classes);
  const cells = Int32Array.from({ length: rows }, (_, row) => truth[row] * classes + predicted[row]);
  const random = createRandom(mixSeed(seed, 0xb007));
  const confusion = new Int32Array(classes * classes);
  const values = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    confusion.fill(0);
    for (let row = 0; row < rows; row++) confusion[cells[random.integer(rows)]]++;
    values[sample] = statistic(confusion, classes);
  }
  values.sort();
  return { low: quantile(values, (1 - level) / 2), high: quantile(values, (1 + level) / 2) };
}

/** Quantile of ascending values, linear between neighbours (NumPy's default). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
