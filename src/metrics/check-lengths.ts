// The one check that all metrics share. Knows no metric.

/** @throws RangeError when the two arrays do not have one value for each row */
export function checkSameLength(truth: ArrayLike<number>, predicted: ArrayLike<number>): void {
  if (truth.length !== predicted.length)
    throw new RangeError(`${truth.length} true values but ${predicted.length} predictions`);
}

/** @throws RangeError when `probabilities` is not of shape (rows, classes) */
export function checkShape(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): void {
  if (probabilities.length !== truth.length * classes)
    throw new RangeError(
      `${probabilities.length} probabilities for ${truth.length} rows of ${classes} classes; expected ${truth.length * classes}`,
    );
}

/**
 * The number of rows.
 *
 * @throws RangeError when the two arrays are not both of shape (rows, labels)
 */
export function checkLabels(truth: ArrayLike<number>, other: ArrayLike<number>, labels: number): number {
  if (truth.length !== other.length || truth.length % labels !== 0)
    throw new RangeError(`${truth.length} and ${other.length} values are not two tables of ${labels} labels a row`);
  return truth.length / labels;
}
