// What a model must beat: always the most frequent class of the training rows.
import { accuracy } from "./accuracy.js";
import { macroF1 } from "./class-scores.js";
import { confusionMatrix } from "./confusion-matrix.js";

export interface MajorityBaseline {
  /** Most frequent class of the training rows; the lowest index in a tie. */
  classIndex: number;
  accuracy: number;
  macroF1: number;
}

/**
 * Scores on `truth` of always predicting the most frequent class of `trainingLabels`.
 *
 * @example
 * majorityBaseline([0, 1, 1], [1, 0], 2); // { classIndex: 1, accuracy: 0.5, macroF1: 0.333… }
 */
export function majorityBaseline(
  trainingLabels: ArrayLike<number>,
  truth: ArrayLike<number>,
  classes: number,
): MajorityBaseline {
  const counts = new Int32Array(classes);
  for (let row = 0; row < trainingLabels.length; row++) counts[trainingLabels[row]]++;
  let classIndex = 0;
  for (let c = 1; c < classes; c++) if (counts[c] > counts[classIndex]) classIndex = c;
  const predicted = new Int32Array(truth.length).fill(classIndex);
  return {
    classIndex,
    accuracy: accuracy(truth, predicted),
    macroF1: macroF1(confusionMatrix(truth, predicted, classes), classes),
  };
}
