// How far groups are apart in a figure, and whether that can be chance. Knows figures of groups, no rows and no models.
import {
  holm,
  hypergeometricTail,
  type Interval,
  largestGap,
  newcombeInterval,
  percentileInterval,
  sameMeans,
  sameShares,
} from "../metrics/index.js";

/** A figure of each group that has it. */
export interface ComparedFigure {
  /** "selectionRate" */
  name: string;
  /** Places of the groups. */
  groups: readonly number[];
  values: readonly number[];
  /** By bootstrap, of each group. */
  draws: readonly Float64Array[];
  /** What a share is counted from; otherwise the numbers whose means are compared. */
  from: { hits: readonly number[]; rows: readonly number[] } | { numbers: readonly Float64Array[] };
}

export type GapMeasure = "demographicParity" | "equalizedOdds" | "accuracy" | "mean" | "bias" | "mae";

/** What is looked at in one column: the most that any of the figures differs by between two groups. */
export interface LookedAt {
  measure: GapMeasure;
  /** Of which label. */
  label?: string;
  figures: readonly ComparedFigure[];
}

export interface PairOfGroups {
  figure: string;
  first: string;
  second: string;
  /** First − second. */
  difference: number;
  interval: Interval;
  /** Corrected for the number of pairs (Holm). */
  probability: number;
  /** The gap as a whole is more than chance, and this pair is. */
  isShown: boolean;
}

export interface Gap {
  measure: GapMeasure;
  label?: string;
  /** Largest − smallest group. */
  difference: number;
  interval: Interval;
  /** Smallest / largest group; null where it is not defined, and for numbers. */
  ratio: number | null;
  ratioInterval: Interval | null;
  /** The figure in which they differ most, and of which groups. */
  figure: string;
  lowest: { group: string; value: number };
  highest: { group: string; value: number };
  /** Of groups that look so far apart, if they are not; corrected for all that was looked at (Holm). */
  probability: number;
  /** That is below 0.05. */
  isShown: boolean;
  pairs: PairOfGroups[];
}

export const level = 0.05;

/** One column's gap before it is known what else was looked at; undefined where fewer than two groups have a figure. */
export function gapOf({ measure, label, figures }: LookedAt, groups: readonly string[], seed: number): Gap | undefined {
  const compared = figures.filter(({ values }) => values.length > 1);
  if (compared.length === 0) return undefined;
  const gap = largestGap(compared);
  const { name, groups: places, values } = compared[gap.figure];
  const shared = { measure, ...(label !== undefined && { label }) };
  const isShare = compared.every(({ from }) => "hits" in from);
  const end = (place: number) => ({ group: groups[places[place]], value: values[place] });
  return {
    ...shared,
    difference: gap.value,
    interval: isShare ? { ...gap.interval, high: Math.min(1, gap.interval.high) } : gap.interval,
    ...(isShare ? ratioOf(compared) : { ratio: null, ratioInterval: null }),
    figure: name,
    lowest: end(gap.lowest),
    highest: end(gap.highest),
    probability: probabilityOf(compared, seed),
    isShown: false,
    pairs: pairsOf(compared, groups, seed),
  };
}

/** Gaps as they are told: probabilities corrected for all of them, and which are more than chance. */
export function correctedGaps<Own extends Gap>(gaps: readonly Own[]): Own[] {
  const corrected = holm(gaps.map(({ probability }) => probability));
  return gaps.map((gap, i) => {
    const isShown = corrected[i] < level;
    const pairs = gap.pairs.map((pair) => ({ ...pair, isShown: isShown && pair.probability < level }));
    return { ...gap, probability: corrected[i], isShown, pairs };
  });
}

/** The least ratio of two groups, as the largest gap of logarithms. */
function ratioOf(figures: readonly ComparedFigure[]): Pick<Gap, "ratio" | "ratioInterval"> {
  const logs = figures
    .filter(({ values }) => values.some((value) => value > 0))
    .map(({ values, draws }) => ({ values: values.map(Math.log), draws: draws.map((own) => own.map(Math.log)) }));
  if (logs.length === 0) return { ratio: null, ratioInterval: null };
  const { value, interval } = largestGap(logs);
  return { ratio: Math.exp(-value), ratioInterval: { low: Math.exp(-interval.high), high: Math.exp(-interval.low) } };
}

function probabilityOf(figures: readonly ComparedFigure[], seed: number): number {
  const counts = figures.flatMap(({ from }) => ("hits" in from ? [from] : []));
  if (counts.length > 0) return sameShares(counts, { seed });
  return Math.min(
    1,
    figures.length * Math.min(...figures.map(({ from }) => meansDiffer((from as Numbers).numbers, seed))),
  );
}

interface Numbers {
  numbers: readonly Float64Array[];
}

/** Steps of a permutation test in all: a few seconds. */
const mostSteps = 2e8;

function meansDiffer(numbers: readonly Float64Array[], seed: number): number {
  const rows = numbers.reduce((sum, own) => sum + own.length, 0);
  const values = new Float64Array(rows);
  const groups = new Int32Array(rows);
  let at = 0;
  for (const [group, own] of numbers.entries()) {
    values.set(own, at);
    groups.fill(group, at, at + own.length);
    at += own.length;
  }
  const permutations = Math.min(9999, Math.max(999, Math.floor(mostSteps / rows)));
  return sameMeans(values, groups, { seed, permutations });
}

/** Every two groups in every figure. */
function pairsOf(figures: readonly ComparedFigure[], names: readonly string[], seed: number): PairOfGroups[] {
  const pairs = figures.flatMap(({ name, groups, values, draws, from }) =>
    groups.flatMap((first, i) =>
      groups.slice(i + 1).map((second, rest): PairOfGroups => {
        const j = i + 1 + rest;
        const shared = {
          figure: name,
          first: names[first],
          second: names[second],
          difference: values[i] - values[j],
          isShown: false,
        };
        if ("hits" in from) {
          const [a, b] = [i, j].map((place) => [from.hits[place], from.rows[place]] as const);
          return { ...shared, interval: newcombeInterval(a, b), probability: fisher(a, b) };
        }
        const interval = percentileInterval(draws[i].map((value, at) => value - draws[j][at]).sort());
        return { ...shared, interval, probability: meansDiffer([from.numbers[i], from.numbers[j]], seed) };
      }),
    ),
  );
  const corrected = holm(pairs.map(({ probability }) => probability));
  return pairs.map((pair, i) => ({ ...pair, probability: corrected[i] }));
}

/** Fisher's exact test, two-sided: twice the smaller tail. */
function fisher([hits, rows]: readonly [number, number], [others, otherRows]: readonly [number, number]): number {
  const [all, marked] = [rows + otherRows, hits + others];
  const above = hypergeometricTail(hits, all, marked, rows);
  const below = hypergeometricTail(others, all, marked, otherRows);
  return Math.min(1, 2 * Math.min(above, below));
}
