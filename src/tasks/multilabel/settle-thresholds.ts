// One threshold a label from answers for validation rows, also where few of them have it.
import { fitThresholds } from "../../metrics/index.js";

/**
 * As though so many more rows with the label had the threshold that is best for all labels together. Of goemotions (28 labels), the
 * thresholds of the labels alone gave rare ones to nearly all rows: with 4,000 rows a micro F1 of 27 where this gives 48 (macro
 * 37 and 35), and with all rows 55 and 47 where this gives 56 and 49.
 */
const priorRows = 2;

/**
 * The threshold with the best F1 of each label on these rows, drawn, in log-odds, to the one with the best micro F1: the more, the
 * fewer rows have the label. Shape (labels).
 *
 * @param truth 0 or 1, row-major (rows, labels)
 * @param probabilities row-major (rows, labels), of a model that did not learn from these rows
 * @param fit one threshold a label; by default the best for F1
 */
export function settleThresholds(
  truth: ArrayLike<number>,
  probabilities: Float32Array,
  labels: number,
  fit: typeof fitThresholds = fitThresholds,
): number[] {
  const common = logOdds(fit(truth, probabilities, 1)[0]);
  const counts = new Int32Array(labels);
  for (let at = 0; at < truth.length; at++) counts[at % labels] += truth[at];
  return Array.from(fit(truth, probabilities, labels), (own, label) => {
    const rows = counts[label];
    const drawn = rows === 0 ? common : (rows * logOdds(own) + priorRows * common) / (rows + priorRows);
    return 1 / (1 + Math.exp(-drawn));
  });
}

/** Bounded, for probabilities of 0 and 1. */
export function logOdds(probability: number): number {
  const inside = Math.min(1 - 1e-7, Math.max(1e-7, probability));
  return Math.log(inside / (1 - inside));
}
