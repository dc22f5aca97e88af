// Mean negative log probability of the true class.
import { checkShape } from "./check-lengths.js";

/**
 * Log loss in nats. Probabilities are clipped to [ε, 1 − ε] with the ε of their type, as in scikit-learn.
 *
 * @param probabilities row-major (rows, classes); each row sums to 1
 * @example
 * logLoss([0, 1], [0.9, 0.1, 0.2, 0.8], 2); // 0.164…
 */
export function logLoss(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): number {
  checkShape(truth, probabilities, classes);
  const epsilon = probabilities instanceof Float32Array ? 2 ** -23 : Number.EPSILON;
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    const probability = probabilities[row * classes + truth[row]];
    sum -= Math.log(Math.min(1 - epsilon, Math.max(epsilon, probability)));
  }
  return sum / truth.length;
}
