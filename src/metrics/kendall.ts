// Kendall's rank correlation.

/**
 * τ-b: pairs in the same order less those in the other one, over √ of the pairs that each side does not tie. NaN when one side is
 * constant or there are fewer than two values. Equals scipy.stats.kendalltau.
 *
 * @example
 * kendall([1, 2, 3], [10, 30, 20]); // 0.333…
 */
export function kendall(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} values on one side, ${b.length} on the other`);
  let [agreeing, untiedA, untiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const [x, y] = [Math.sign(a[i] - a[j]), Math.sign(b[i] - b[j])];
      agreeing += x * y;
      untiedA += x * x;
      untiedB += y * y;
    }
  return agreeing / Math.sqrt(untiedA * untiedB);
}
