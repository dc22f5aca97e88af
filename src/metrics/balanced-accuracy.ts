// Accuracy in which every class counts the same.

/**
 * Mean recall of the classes that occur in the truth (as scikit-learn's balanced_accuracy_score). In [0, 1]; NaN for no rows.
 *
 * @param confusion row-major (classes, classes), row = true class, from `confusionMatrix`
 * @example
 * balancedAccuracy(confusionMatrix([0, 0, 0, 1], [0, 0, 0, 0], 2), 2); // 0.5
 */
export function balancedAccuracy(confusion: ArrayLike<number>, classes: number): number {
  let [sum, present] = [0, 0];
  for (let c = 0; c < classes; c++) {
    let support = 0;
    for (let other = 0; other < classes; other++) support += confusion[c * classes + other];
    if (support === 0) continue;
    sum += confusion[c * classes + c] / support;
    present++;
  }
  return sum / present;
}
