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
  /** A number for each row, from 0: every resample has as many rows of each stratum as the table. */
  strata?: ArrayLike<number>;
  /** A number for each row, from 0: rows of one cluster are drawn together, since they are alike. Strata do not count then. */
  clusters?: ArrayLike<number>;
}

/**
 * Percentile interval of each figure that `figures` computes from a resampled table; default 1,000 resamples, 95 %.
 * Resamples in which a figure is NaN do not count for it; NaN without rows. The same seed gives the same intervals.
 *
 * @param figures gets the row numbers of a resample, drawn with replacement; the array is reused. With clusters their number
 * differs from that of the rows
 * @example
 * const values = [3, 1, 2];
 * bootstrapRows(3, {}, (sample) => ({ largest: Math.max(...sample.map((row) => values[row])) })); // { largest: … }
 */
export function bootstrapRows<Name extends string>(
  rows: number,
  options: BootstrapOptions,
  figures: (sample: Int32Array) => Record<Name, number>,
): Record<Name, Interval> {
  const found = resampleRows(rows, options, figures);
  return Object.fromEntries(
    (Object.keys(found) as Name[]).map((name) => [name, percentileInterval(found[name], options.level)]),
  ) as Record<Name, Interval>;
}

/**
 * Each figure in every resample, ascending, without those in which it is NaN.
 *
 * @example
 * resampleRows(3, { resamples: 2 }, (sample) => ({ first: sample[0] })); // { first: Float64Array [0, 2] }
 */
export function resampleRows<Name extends string>(
  rows: number,
  options: BootstrapOptions,
  figures: (sample: Int32Array) => Record<Name, number>,
): Record<Name, Float64Array> {
  const { resamples = 1000 } = options;
  const draw = drawer(rows, options);
  const found = Array.from({ length: resamples }, () => figures(draw()));
  const names = Object.keys(found[0]) as Name[];
  return Object.fromEntries(
    names.map((name) => [
      name,
      rows === 0
        ? new Float64Array(0)
        : Float64Array.from(found, (one) => one[name])
            .filter((value) => !Number.isNaN(value))
            .sort(),
    ]),
  ) as Record<Name, Float64Array>;
}

/** @param sorted from `resampleRows` */
export function percentileInterval(sorted: Float64Array, level = 0.95): Interval {
  if (sorted.length === 0) return { low: Number.NaN, high: Number.NaN };
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

/** The next resample. */
function drawer(rows: number, { seed = 0, strata, clusters }: BootstrapOptions): () => Int32Array {
  const random = createRandom(mixSeed(seed, 0xb007));
  if (clusters) {
    const { order, start } = grouped(clusters, rows);
    const count = start.length - 1;
    return () => {
      const drawn = Int32Array.from({ length: count }, () => random.integer(count));
      const sample = new Int32Array(drawn.reduce((sum, cluster) => sum + start[cluster + 1] - start[cluster], 0));
      let end = 0;
      for (const cluster of drawn)
        for (let at = start[cluster]; at < start[cluster + 1]; at++) sample[end++] = order[at];
      return sample;
    };
  }
  const sample = new Int32Array(rows);
  if (!strata)
    return () => {
      for (let i = 0; i < rows; i++) sample[i] = random.integer(rows);
      return sample;
    };
  const { order, start } = grouped(strata, rows);
  return () => {
    for (let stratum = 0; stratum + 1 < start.length; stratum++) {
      const [from, size] = [start[stratum], start[stratum + 1] - start[stratum]];
      for (let i = 0; i < size; i++) sample[from + i] = order[from + random.integer(size)];
    }
    return sample;
  };
}

/** Rows by group: those of group g are order[start[g]] to order[start[g + 1] − 1]. */
function grouped(groups: ArrayLike<number>, rows: number): { order: Int32Array; start: Int32Array } {
  if (groups.length !== rows) throw new RangeError(`${groups.length} groups for ${rows} rows`);
  let count = 0;
  for (let row = 0; row < rows; row++) count = Math.max(count, groups[row] + 1);
  const start = new Int32Array(count + 1);
  for (let row = 0; row < rows; row++) start[groups[row] + 1]++;
  for (let group = 0; group < count; group++) start[group + 1] += start[group];
  const next = start.slice();
  const order = new Int32Array(rows);
  for (let row = 0; row < rows; row++) order[next[groups[row]]++] = row;
  return { order, start };
}
