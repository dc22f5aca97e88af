// Counts of true class by predicted class. Knows class indices only, no class names.
import { checkSameLength } from "./check-lengths.js";

/**
 * Row-major counts of shape (classes, classes): row = true class, column = predicted class.
 *
 * @param truth class indices in [0, classes), shape (rows)
 * @param predicted class indices in [0, classes), shape (rows)
 * @throws RangeError when the lengths differ or an index is outside [0, classes)
 * @example
 * confusionMatrix([0, 1, 1], [0, 1, 0], 2); // Int32Array [1, 0, 1, 1]
 */
export function confusionMatrix(truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): Int32Array {
  checkSameLength(truth, predicted);
  const counts = new Int32Array(classes * classes);
  for (let row = 0; row < truth.length; row++) {
    counts[classIndex(truth[row], classes) * classes + classIndex(predicted[row], classes)]++;
  }
  return counts;
}

function classIndex(value: number, classes: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= classes)
    throw new RangeError(`class index ${value} is not an integer in [0, ${classes})`);
  return value;
}
