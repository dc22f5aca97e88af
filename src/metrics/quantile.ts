// Quantiles of sorted values.

/**
 * Quantile of ascending values, linear between neighbours (NumPy's default).
 *
 * @example
 * quantile([1, 2, 4], 0.75); // 3
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
