// How far the groups of a table are apart. Knows figures by group, no rows.
import { quantile } from "./quantile.js";
import type { Interval } from "./wilson-interval.js";

/** One figure, such as the share of rows that are selected, of each group. */
export interface GroupFigure {
  values: readonly number[];
  /** What the figure of each group may be, by bootstrap: as many for each group. */
  draws: readonly Float64Array[];
}

export interface LargestGap {
  /** The most by which two groups differ, in any of the figures. */
  value: number;
  interval: Interval;
  /** The figure, and the groups that are lowest and highest in it. */
  figure: number;
  lowest: number;
  highest: number;
}

/** Gaps within so many standard errors of the largest one may be the largest. */
const nearby = 2;

/**
 * Largest − smallest group of a figure, and the most of that among several figures (as in equalised odds). Of groups that are alike,
 * the largest gap that is seen comes from chance, and resamples of it are larger still: an interval of their percentiles never
 * reaches 0. So the lower end is that of the most that chance adds to any of the gaps that may be the largest (a bootstrap by an
 * estimated directional derivative, as Z. Fang and A. Santos, Review of Economic Studies 86, 2019), and the upper end that of the gap
 * that is.
 *
 * @param figures with two groups or more each
 * @example
 * largestGap([{ values: [0.5, 0.8], draws: [shareDraws(50, 100, 1000, random), shareDraws(80, 100, 1000, random)] }]);
 */
export function largestGap(figures: readonly GroupFigure[], level = 0.95): LargestGap {
  const ranges = figures.map(({ values, draws }, figure) => {
    const means = draws.map(meanOf);
    const [lowest, highest] = [placeOf(means, -1), placeOf(means, 1)];
    const own = { figure, means, draws, lowest, highest, mean: means[highest] - means[lowest] };
    return { ...own, value: Math.max(...values) - Math.min(...values) };
  });
  const largest = ranges.reduce((best, own) => (own.mean > best.mean ? own : best));
  const drawn = differences(largest.draws[largest.highest], largest.draws[largest.lowest]);
  const near = ranges
    .filter((own) => {
      if (own === largest) return true;
      const rest = differences(drawn, differences(own.draws[own.highest], own.draws[own.lowest]));
      return largest.mean - own.mean <= nearby * deviationOf(rest);
    })
    .map(({ means, draws, lowest, highest }) => {
      const isNear = (group: number, extreme: number) =>
        Math.abs(means[group] - means[extreme]) <= nearby * deviationOf(differences(draws[group], draws[extreme]));
      const groups = [...means.keys()];
      return {
        means,
        draws,
        high: groups.filter((group) => group === highest || isNear(group, highest)),
        low: groups.filter((group) => group === lowest || isNear(group, lowest)),
      };
    });
  const excess = drawn.map((_, at) =>
    Math.max(
      ...near.map(
        ({ means, draws, high, low }) =>
          Math.max(...high.map((group) => means[group] - draws[group][at])) +
          Math.max(...low.map((group) => draws[group][at] - means[group])),
      ),
    ),
  );
  const value = Math.max(...ranges.map((own) => own.value));
  const low = largest.mean - quantile(excess.sort(), (1 + level) / 2);
  const high = quantile(drawn.sort(), (1 + level) / 2);
  const told = ranges.find((own) => own.value === value)!;
  const { values } = figures[told.figure];
  return {
    value,
    interval: { low: Math.max(0, Math.min(low, value)), high: Math.max(high, value) },
    figure: told.figure,
    lowest: placeOf(values, -1),
    highest: placeOf(values, 1),
  };
}

/** The first of the largest ones, with sign −1 of the smallest ones. */
function placeOf(values: readonly number[], sign: 1 | -1): number {
  return values.reduce((best, value, place) => (sign * value > sign * values[best] ? place : best), 0);
}

function differences(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value - b[at]);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: Float64Array): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
