// Share of rows whose predicted class is the true one. Knows no classes.
import { checkSameLength } from "./check-lengths.js";

/**
 * Accuracy in [0, 1]; NaN for no rows.
 *
 * @example
 * accuracy([0, 1, 1, 2], [0, 1, 0, 2]); // 0.75
 */
export function accuracy(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkSameLength(truth, predicted);
  let hits = 0;
  for (let row = 0; row < truth.length; row++) if (truth[row] === predicted[row]) hits++;
  return hits / truth.length;
}
