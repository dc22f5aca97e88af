// Whether means of groups, or a mean and 0, differ at all, by permutation.
import { createRandom, mixSeed } from "../base/random.js";
import { type PermutationOptions, permuted } from "./same-shares.js";

/**
 * The probability that groups whose means do not differ look as far apart as these: Welch's statistic, which allows for groups that
 * scatter differently, over permutations of the rows.
 *
 * @param groups the group of each value, from 0
 * @example
 * sameMeans([1, 2, 9, 10], Int32Array.of(0, 0, 1, 1)); // 0.33, of 6 ways to divide four values
 */
export function sameMeans(
  values: ArrayLike<number>,
  groups: Int32Array,
  { seed = 0, permutations }: PermutationOptions = {},
): number {
  const random = createRandom(mixSeed(seed, 0x3ea5));
  const size = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const seen = welch(values, groups, size);
  if (seen === 0) return 1;
  const mixed = groups.slice();
  return permuted(seen, permutations, () => welch(values, random.shuffle(mixed), size));
}

/** Σ n/s² (mean − weighted mean)²; s² as though one row more scattered like all rows: few rows are often of one number. */
function welch(values: ArrayLike<number>, groups: Int32Array, size: number): number {
  const [count, sum, squares] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  let [all, allSquares] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    count[groups[row]]++;
    sum[groups[row]] += values[row];
    squares[groups[row]] += values[row] * values[row];
    all += values[row];
    allSquares += values[row] * values[row];
  }
  const overall = allSquares / values.length - (all / values.length) ** 2;
  if (overall <= 0) return 0;
  const weights = count.map((own, group) => {
    if (own === 0) return 0;
    const scatter = Math.max(0, squares[group] - (sum[group] * sum[group]) / own);
    return own ** 2 / (scatter + overall);
  });
  const total = weights.reduce((a, b) => a + b, 0);
  const centre =
    weights.reduce((a, weight, group) => a + (weight === 0 ? 0 : (weight * sum[group]) / count[group]), 0) / total;
  return weights.reduce(
    (a, weight, group) => (weight === 0 ? a : a + weight * (sum[group] / count[group] - centre) ** 2),
    0,
  );
}
