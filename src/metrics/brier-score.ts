// Mean squared distance between the probabilities and the true class.
import { checkShape } from "./check-lengths.js";

/**
 * Brier score (1950): Σ (p − 1[class is true])² per row, averaged; halved for two classes, so that it lies in [0, 1]
 * there and in [0, 2] for more, as in scikit-learn.
 *
 * @param probabilities row-major (rows, classes)
 * @example
 * brierScore([0, 1], [0.9, 0.1, 0.2, 0.8], 2); // 0.025
 */
export function brierScore(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): number {
  checkShape(truth, probabilities, classes);
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    for (let c = 0; c < classes; c++) {
      const distance = probabilities[row * classes + c] - (truth[row] === c ? 1 : 0);
      sum += distance * distance;
    }
  }
  return sum / truth.length / (classes === 2 ? 2 : 1);
}
