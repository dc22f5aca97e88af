// Whether paired differences lean to one side, by their signs.
import { createRandom, mixSeed } from "../base/random.js";
import { type PermutationOptions, permuted } from "./same-shares.js";

export interface SignFlip {
  /** The column that leans most for its scatter. */
  column: number;
  /** Of leaning so far in any column, if signs are chance. */
  probability: number;
}

/** Of so few units all signs are tried. */
const mostTried = 12;

/**
 * Fisher's randomisation test of paired differences: signs of whole clusters are turned at random; with several columns, of the one
 * that leans most (P. Westfall and S. Young 1993), so that no correction for their number is needed.
 *
 * @param differences row-major (rows, columns)
 * @param clusters a number for each row, from 0: rows of one turn together
 * @example
 * signFlip([1, 2, 3, 2, 1, 3], 1, Int32Array.of(0, 1, 2, 3, 4, 5)).probability; // 2 / 64
 */
export function signFlip(
  differences: ArrayLike<number>,
  columns: number,
  clusters: Int32Array,
  { seed = 0, permutations }: PermutationOptions = {},
): SignFlip {
  const size = clusters.reduce((most, own) => Math.max(most, own + 1), 0);
  const sums = new Float64Array(size * columns);
  for (const [row, cluster] of clusters.entries())
    for (let column = 0; column < columns; column++)
      sums[cluster * columns + column] += differences[row * columns + column];
  const scale = new Float64Array(columns);
  for (let at = 0; at < sums.length; at++) scale[at % columns] += sums[at] * sums[at];
  const lean = new Float64Array(columns);
  const largest = (isTurned: (cluster: number) => boolean): number => {
    lean.fill(0);
    for (let cluster = 0; cluster < size; cluster++) {
      const sign = isTurned(cluster) ? -1 : 1;
      for (let column = 0; column < columns; column++) lean[column] += sign * sums[cluster * columns + column];
    }
    let most = 0;
    for (let column = 0; column < columns; column++)
      if (scale[column] > 0) most = Math.max(most, Math.abs(lean[column]) / Math.sqrt(scale[column]));
    return most;
  };
  const seen = largest(() => false);
  const leans = Array.from(lean, (own, column) => (scale[column] > 0 ? Math.abs(own) / Math.sqrt(scale[column]) : 0));
  const column = leans.indexOf(Math.max(...leans));
  if (seen === 0) return { column, probability: 1 };
  if (size <= mostTried) {
    let reached = 0;
    for (let signs = 0; signs < 1 << size; signs++)
      if (largest((cluster) => ((signs >> cluster) & 1) === 1) >= seen * (1 - 1e-9)) reached++;
    return { column, probability: reached / (1 << size) };
  }
  const random = createRandom(mixSeed(seed, 0x51f1));
  return { column, probability: permuted(seen, permutations, () => largest(() => random.float() < 0.5)) };
}
