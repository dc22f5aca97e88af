// How figures of a model's answers are resampled. Knows rows and groups of rows, no task.
import { type BootstrapOptions, bootstrapRows, type Interval } from "../metrics/index.js";

/** How the rows that are measured were drawn. */
export interface Sampling {
  /** Seed of the bootstrap. Default 0. */
  seed?: number;
  /** A number for each row, from 0: rows of one group are alike, and come together. */
  clusters?: Int32Array;
}

/** Steps of a bootstrap in all: some seconds. */
const mostSteps = 5e8;

/** 1,000, fewer where the steps of each are so many that it would take minutes. */
export function resamplesFor(steps: number): number {
  return Math.min(1000, Math.max(100, Math.floor(mostSteps / steps)));
}

/** 95 % intervals by name; none where no resample has the figure. */
export function intervalsOf<Name extends string>(
  rows: number,
  options: BootstrapOptions,
  figures: (sample: Int32Array) => Record<Name, number>,
): { [name in Name]?: Interval } {
  const found = bootstrapRows(rows, options, figures);
  const finite = Object.entries<Interval>(found).filter(([, { low }]) => Number.isFinite(low));
  return Object.fromEntries(finite) as { [name in Name]?: Interval };
}

/** JSON has no NaN. */
export function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The group of each row as a number; rows without a value are groups of their own. */
export function clustersOf(groups: readonly (string | null)[]): Int32Array {
  const numbers = new Map<string, number>();
  let count = 0;
  return Int32Array.from(groups, (group) => {
    if (group === null) return count++;
    const own = numbers.get(group);
    if (own !== undefined) return own;
    numbers.set(group, count);
    return count++;
  });
}
