// How figures of a model's answers are resampled. Knows rows and groups of rows, no task.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { type BootstrapOptions, bootstrapRows, type Interval, wilsonInterval } from "../metrics/index.js";

/** How the rows that are measured were drawn. */
export interface Sampling {
  /** Seed of the bootstrap. Default 0. */
  seed?: number;
  /** A number for each row, from 0: rows of one group are alike, and come together. */
  clusters?: Int32Array;
}

/** Steps of a bootstrap in all: some seconds. */
const mostSteps = 3e8;

/** 1,000, fewer where the steps of each are so many that it would take minutes. */
export function resamplesFor(steps: number): number {
  return Math.min(1000, Math.max(100, Math.floor(mostSteps / steps)));
}

/**
 * 95 % intervals by name; none where no resample has the figure. Where nothing is wrong (or right), resamples say nothing of what other rows
 * may bring: then it is the interval of a share of so many rows, or groups, and there is none of figures that are no share.
 *
 * @param isShare of figures by name; others may lie outside [0, 1], or mean something else there
 */
export function intervalsOf<Name extends string>(
  rows: number,
  options: BootstrapOptions,
  figures: (sample: Int32Array) => Record<Name, number>,
  isShare: (name: string) => boolean = () => true,
): { [name in Name]?: Interval } {
  const found = bootstrapRows(rows, options, figures);
  const draws = options.clusters ? new Set(Array.from(options.clusters)).size : rows;
  const finite = Object.entries<Interval>(found).flatMap(([name, interval]) => {
    const { low, high } = interval;
    if (!Number.isFinite(low)) return [];
    const isSame = low === high && (low === 0 || low === 1);
    if (!isSame) return [[name, interval] as const];
    return isShare(name) ? [[name, wilsonInterval(low * draws, draws)] as const] : [];
  });
  return Object.fromEntries(finite) as { [name in Name]?: Interval };
}

/** JSON has no NaN. */
export function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Fewer groups say little of how groups differ. */
const fewestGroups = 20;

/** A sentence, where there are too few groups for their intervals. @throws UserError for a single group */
export function groupWarning(column: string, clusters: Int32Array): string | undefined {
  const groups = clusters.reduce((most, own) => Math.max(most, own), -1) + 1;
  if (groups < 2)
    throw new UserError(
      `All rows have the same value of '${column}', so there is nothing to tell how groups differ. Omit ${option("group")}.`,
    );
  if (groups >= fewestGroups) return undefined;
  return `'${column}' has ${groups} values: intervals over so few groups are too narrow.`;
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
