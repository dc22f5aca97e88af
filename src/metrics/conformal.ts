// Intervals around predicted numbers that hold the true one with a given probability, whatever the model.
import { checkSameLength } from "./check-lengths.js";

/**
 * Half the width of the interval around each prediction, by split conformal prediction: the ⌈(n + 1) level⌉-th smallest
 * absolute residual of n rows that the model did not learn from. If new rows are like these, the interval holds the true
 * number with a probability of at least `level`; Infinity where there are too few rows for that (fewer than 9 for 90 %).
 *
 * Source: Lei, G'Sell, Rinaldo, Tibshirani, Wasserman, "Distribution-Free Predictive Inference for Regression" (2018),
 * algorithm 2.
 *
 * @param truth numbers, shape (rows)
 * @param predicted numbers, shape (rows)
 * @param level in (0, 1)
 * @throws RangeError when the lengths differ
 * @example
 * conformalHalfWidth([1, 2, 3, 4], [1.5, 2, 3, 3.8], 0.6); // 0.2, the third of 0, 0, 0.2, 0.5
 */
export function conformalHalfWidth(truth: ArrayLike<number>, predicted: ArrayLike<number>, level = 0.9): number {
  checkSameLength(truth, predicted);
  const residuals = Float64Array.from({ length: truth.length }, (_, row) => Math.abs(truth[row] - predicted[row]));
  residuals.sort();
  // 100 · 0.07 is 7.000000000000001 in floating point.
  const place = Math.ceil((residuals.length + 1) * level - 1e-9);
  return place > residuals.length ? Number.POSITIVE_INFINITY : residuals[place - 1];
}

/**
 * Share of rows whose true number lies in its interval [low, high]; NaN for no rows.
 *
 * @example
 * coverage([1, 2], [0, 3], [2, 4]); // 0.5
 */
export function coverage(truth: ArrayLike<number>, low: ArrayLike<number>, high: ArrayLike<number>): number {
  checkSameLength(truth, low);
  checkSameLength(truth, high);
  let inside = 0;
  for (let row = 0; row < truth.length; row++) if (low[row] <= truth[row] && truth[row] <= high[row]) inside++;
  return inside / truth.length;
}
