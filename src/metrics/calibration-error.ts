// How far confidence is from accuracy.
import { checkShape } from "./check-lengths.js";
import { predictedClasses } from "./predicted-classes.js";

/**
 * Expected calibration error of the predicted class (Guo et al. 2017): rows are put into `bins` bins of equal width
 * ((i − 1) / bins, i / bins] by confidence; Σ share of rows · |accuracy − mean confidence|. In [0, 1].
 *
 * @param probabilities row-major (rows, classes)
 * @example
 * calibrationError([0, 1], [0.9, 0.1, 0.2, 0.8], 2); // 0.15
 */
export function calibrationError(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  bins = 15,
): number {
  checkShape(truth, probabilities, classes);
  const predicted = predictedClasses(probabilities, classes);
  const confidence = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let row = 0; row < truth.length; row++) {
    const top = probabilities[row * classes + predicted[row]];
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(top * bins) - 1));
    confidence[bin] += top;
    if (predicted[row] === truth[row]) hits[bin]++;
  }
  let gap = 0;
  for (let bin = 0; bin < bins; bin++) gap += Math.abs(hits[bin] - confidence[bin]);
  return gap / truth.length;
}
