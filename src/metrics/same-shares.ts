// Whether groups differ at all, by permutation.
import { createRandom, mixSeed, type Random } from "../base/random.js";
import { logChoose } from "./log-factorial.js";

/** Of each group, how many rows it has and in how many of them what is counted happens. */
export interface GroupCounts {
  hits: readonly number[];
  rows: readonly number[];
}

export interface PermutationOptions {
  /** Of the permutations that are drawn. Default 0. */
  seed?: number;
  /** Permutations at most. Default 9,999. */
  permutations?: number;
}

/** So many permutations that look as far apart are enough to stop (J. Besag and P. Clifford, Biometrika 78, 1991). */
const enough = 50;

/**
 * The probability that groups which do not differ look as far apart as these, by Pearson's χ² over all permutations of the rows: exact
 * for groups of any size. With several counts (as in equalised odds) of the sum of their χ².
 *
 * @example
 * sameShares([{ hits: [5, 0], rows: [5, 5] }]); // 0.008, of 252 ways to divide ten rows
 */
export function sameShares(
  counts: readonly GroupCounts[],
  { seed = 0, permutations }: PermutationOptions = {},
): number {
  const random = createRandom(mixSeed(seed, 0x5a3e));
  const seen = counts.reduce((sum, own) => sum + chiSquare(own), 0);
  if (seen === 0) return 1;
  return permuted(seen, permutations, () =>
    counts.reduce((sum, own) => sum + chiSquare({ hits: permutedHits(own, random), rows: own.rows }), 0),
  );
}

/** Share of values that are as large as what was seen; stops early where that is not rare. */
export function permuted(seen: number, permutations = 9999, value: () => number): number {
  const least = seen * (1 - 1e-9);
  let reached = 0;
  for (let done = 1; done <= permutations; done++) {
    if (value() >= least) reached++;
    if (reached === enough) return reached / done;
  }
  return (1 + reached) / (permutations + 1);
}

function chiSquare({ hits, rows }: GroupCounts): number {
  const [all, marked] = [sumOf(rows), sumOf(hits)];
  if (marked === 0 || marked === all) return 0;
  const share = marked / all;
  return (
    rows.reduce((sum, own, i) => sum + (own === 0 ? 0 : (hits[i] - own * share) ** 2 / own), 0) / (share * (1 - share))
  );
}

/** The hits dealt out anew: multivariate hypergeometric. */
function permutedHits({ hits, rows }: GroupCounts, random: Random): number[] {
  let [left, marked] = [sumOf(rows), sumOf(hits)];
  return rows.map((own) => {
    const drawn = hypergeometric(left, marked, own, random);
    left -= own;
    marked -= drawn;
    return drawn;
  });
}

/** How many of the marked rows are among those drawn: from the mode outwards, so that few steps are the rule. */
function hypergeometric(rows: number, marked: number, drawn: number, random: Random): number {
  const [least, most] = [Math.max(0, drawn + marked - rows), Math.min(marked, drawn)];
  if (least === most) return least;
  const mode = Math.min(most, Math.max(least, Math.floor(((drawn + 1) * (marked + 1)) / (rows + 2))));
  const peak = Math.exp(logChoose(marked, mode) + logChoose(rows - marked, drawn - mode) - logChoose(rows, drawn));
  let rest = random.float() - peak;
  let [below, above, lower, upper] = [mode, mode, peak, peak];
  while (rest > 0) {
    if (below === least && above === most) return mode;
    if (above < most) {
      upper *= ((marked - above) * (drawn - above)) / ((above + 1) * (rows - marked - drawn + above + 1));
      above++;
      rest -= upper;
      if (rest <= 0) return above;
    }
    if (below > least) {
      lower *= (below * (rows - marked - drawn + below)) / ((marked - below + 1) * (drawn - below + 1));
      below--;
      rest -= lower;
      if (rest <= 0) return below;
    }
  }
  return mode;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
