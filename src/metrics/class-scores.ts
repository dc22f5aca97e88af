// Precision, recall and F1 of each class and their averages, from a confusion matrix.
// Conventions of scikit-learn's precision_recall_fscore_support with zero_division=0.

export interface PrecisionRecallF1 {
  precision: number;
  recall: number;
  f1: number;
}

export interface ClassScores {
  /** Shape (classes), each in [0, 1]; 0 where the class was not predicted, or does not occur. */
  precision: Float64Array;
  recall: Float64Array;
  f1: Float64Array;
  /** Rows of each true class, shape (classes). */
  support: Int32Array;
  /** Mean over the classes that occur in the truth or in the predictions. */
  macro: PrecisionRecallF1;
  /** Mean over classes weighted by support. */
  weighted: PrecisionRecallF1;
  /** From the summed counts; with one label per row all three equal the accuracy. */
  micro: PrecisionRecallF1;
}

/**
 * Scores of each class and their macro, weighted and micro averages. As in scikit-learn, a class that occurs neither
 * in the truth nor in the predictions is excluded from the macro average.
 *
 * @param confusion row-major (classes, classes), row = true class, from `confusionMatrix`
 * @example
 * classScores(confusionMatrix([0, 1, 1], [0, 1, 0], 2), 2).macro.f1; // 0.666…
 */
export function classScores(confusion: ArrayLike<number>, classes: number): ClassScores {
  const precision = new Float64Array(classes);
  const recall = new Float64Array(classes);
  const f1 = new Float64Array(classes);
  const support = new Int32Array(classes);
  const macro: PrecisionRecallF1 = { precision: 0, recall: 0, f1: 0 };
  const weighted: PrecisionRecallF1 = { precision: 0, recall: 0, f1: 0 };
  let [present, rows, allHits] = [0, 0, 0];
  for (let c = 0; c < classes; c++) {
    const hits = confusion[c * classes + c];
    let predicted = 0;
    for (let other = 0; other < classes; other++) {
      support[c] += confusion[c * classes + other];
      predicted += confusion[other * classes + c];
    }
    precision[c] = ratio(hits, predicted);
    recall[c] = ratio(hits, support[c]);
    f1[c] = ratio(2 * hits, predicted + support[c]);
    rows += support[c];
    allHits += hits;
    if (support[c] + predicted > 0) present++;
    add(macro, precision[c], recall[c], f1[c], 1);
    add(weighted, precision[c], recall[c], f1[c], support[c]);
  }
  const overall = ratio(allHits, rows);
  return {
    precision,
    recall,
    f1,
    support,
    macro: divide(macro, present),
    weighted: divide(weighted, rows),
    micro: { precision: overall, recall: overall, f1: overall },
  };
}

/** Macro F1 alone, without the arrays: the inner loop of the bootstrap. */
export function macroF1(confusion: ArrayLike<number>, classes: number): number {
  let [sum, present] = [0, 0];
  for (let c = 0; c < classes; c++) {
    let touched = 0;
    for (let other = 0; other < classes; other++)
      touched += confusion[c * classes + other] + confusion[other * classes + c];
    if (touched > 0) {
      sum += (2 * confusion[c * classes + c]) / touched;
      present++;
    }
  }
  return ratio(sum, present);
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}

function add(to: PrecisionRecallF1, precision: number, recall: number, f1: number, weight: number): void {
  to.precision += weight * precision;
  to.recall += weight * recall;
  to.f1 += weight * f1;
}

function divide(scores: PrecisionRecallF1, by: number): PrecisionRecallF1 {
  return { precision: ratio(scores.precision, by), recall: ratio(scores.recall, by), f1: ratio(scores.f1, by) };
}
