// The choice between models, by the validation rows alone.

/**
 * Index of the best model; hand them in cheapest first. A dearer one must be closer by more than chance would have it: its
 * mean absolute error must be less by more than the standard error of that difference, √(variance of the rows' differences / rows).
 *
 * @param errors - for each model its absolute error in each validation row
 * @example
 * pickClosest([[2, 1, 3, 2], [1, 0, 2, 1]]); // 1: less by 1 in every row
 */
export function pickClosest(errors: readonly ArrayLike<number>[]): number {
  let best = 0;
  for (let model = 1; model < errors.length; model++) {
    const rows = errors[model].length;
    const gains = Float64Array.from({ length: rows }, (_, row) => errors[best][row] - errors[model][row]);
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / rows;
    const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / Math.max(1, rows - 1);
    if (mean > Math.sqrt(variance / rows)) best = model;
  }
  return best;
}
