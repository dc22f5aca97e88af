// Seeded percentile bootstrap over rows (Efron 1979). Knows row numbers only.
import { createRandom, mixSeed } from "../base/random.js";
import { quantile } from "./quantile.js";
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
 * Percentile interval of each figure that `figures` computes from a resampled table; default 1,000 resamples, 95 %.
 * Resamples in which a figure is NaN do not count for it; NaN without rows. The same seed gives the same intervals.
 *
 * @param figures gets the row numbers of a resample, drawn with replacement; the array is reused
 * @example
 * const values = [3, 1, 2];
 * bootstrapRows(3, {}, (sample) => ({ largest: Math.max(...sample.map((row) => values[row])) })); // { largest: … }
 */
export function bootstrapRows<Name extends string>(
  rows: number,
  options: BootstrapOptions,
  figures: (sample: Int32Array) => Record<Name, number>,
): Record<Name, Interval> {
  const { seed = 0, resamples = 1000, level = 0.95 } = options;
  const random = createRandom(mixSeed(seed, 0xb007));
  const sample = new Int32Array(rows);
  const found = Array.from({ length: resamples }, () => {
    for (let i = 0; i < rows; i++) sample[i] = random.integer(rows);
    return figures(sample);
  });
  const interval = (name: Name): Interval => {
    const values = Float64Array.from(found, (one) => one[name]).filter((value) => !Number.isNaN(value));
    if (rows === 0 || values.length === 0) return { low: Number.NaN, high: Number.NaN };
    values.sort();
    return { low: quantile(values, (1 - level) / 2), high: quantile(values, (1 + level) / 2) };
  };
  const names = Object.keys(found[0]) as Name[];
  return Object.fromEntries(names.map((name) => [name, interval(name)])) as Record<Name, Interval>;
}
