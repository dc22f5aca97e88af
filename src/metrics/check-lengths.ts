// The one check that all metrics share. Knows no metric.

/** @throws RangeError when the two arrays do not have one value for each row */
export function checkSameLength(truth: ArrayLike<number>, predicted: ArrayLike<number>): void {
  if (truth.length !== predicted.length)
    throw new RangeError(`${truth.length} true labels but ${predicted.length} predictions`);
}

/** @throws RangeError when `probabilities` is not of shape (rows, classes) */
export function checkShape(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): void {
  if (probabilities.length !== truth.length * classes)
    throw new RangeError(
      `${probabilities.length} probabilities for ${truth.length} rows of ${classes} classes; expected ${truth.length * classes}`,
    );
}
