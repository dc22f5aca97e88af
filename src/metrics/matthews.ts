// Correlation between true and predicted classes.

/**
 * Matthews' correlation coefficient, for any number of classes R_K (J. Gorodkin 2004): (c s − Σ tₖ pₖ) /
 * √((s² − Σ pₖ²)(s² − Σ tₖ²)) for s rows, c of them correct, tₖ rows of class k and pₖ predictions of it. In [−1, 1]; 0 where
 * one side is constant, as in scikit-learn.
 *
 * @param confusion row-major (classes, classes), row = true class, from `confusionMatrix`
 * @example
 * matthewsCorrelation(confusionMatrix([0, 1, 1, 1], [0, 1, 1, 0], 2), 2); // 0.577…
 */
export function matthewsCorrelation(confusion: ArrayLike<number>, classes: number): number {
  const hits = new Float64Array(classes);
  const support = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  for (let truth = 0; truth < classes; truth++) {
    hits[truth] = confusion[truth * classes + truth];
    for (let other = 0; other < classes; other++) {
      support[truth] += confusion[truth * classes + other];
      predicted[other] += confusion[truth * classes + other];
    }
  }
  return correlationOf(hits, support, predicted);
}

/** The same from counts by class: rows that are right, rows of the class, rows that were predicted to be of it. */
export function correlationOf(
  hits: ArrayLike<number>,
  support: ArrayLike<number>,
  predicted: ArrayLike<number>,
): number {
  let [rows, correct, both, truths, answers] = [0, 0, 0, 0, 0];
  for (let c = 0; c < hits.length; c++) {
    rows += support[c];
    correct += hits[c];
    both += support[c] * predicted[c];
    truths += support[c] * support[c];
    answers += predicted[c] * predicted[c];
  }
  const spread = (rows * rows - truths) * (rows * rows - answers);
  return spread === 0 ? 0 : (correct * rows - both) / Math.sqrt(spread);
}
