// How well sets of labels are predicted. Conventions of scikit-learn with zero_division=0.
import { checkLabels } from "./check-lengths.js";
import type { PrecisionRecallF1 } from "./class-scores.js";

export interface MultilabelScores {
  /** Shape (labels), each in [0, 1]; 0 where the label was not predicted, or does not occur. */
  precision: Float64Array;
  recall: Float64Array;
  f1: Float64Array;
  /** Rows with each label, shape (labels). */
  support: Int32Array;
  /** From the summed counts of all labels. */
  micro: PrecisionRecallF1;
  /** Mean over all labels; one that neither occurs nor is predicted counts as 0. */
  macro: PrecisionRecallF1;
  /** Mean over all rows; one that neither has a label nor gets one counts as 0. */
  samples: PrecisionRecallF1;
  /** Share of rows whose set of labels is predicted exactly (subset accuracy). */
  exactMatch: number;
  /** Share of cells (row, label) that are wrong. */
  hammingLoss: number;
}

/**
 * PrecisionRecallF1 of each label and their micro, macro and samples averages. Exact match and Hamming loss are NaN for no rows.
 *
 * @param truth 0 or 1, row-major (rows, labels)
 * @param predicted 0 or 1, row-major (rows, labels)
 * @throws RangeError when the lengths differ, or are not a multiple of `labels`
 * @example
 * multilabelScores([1, 0, 1, 1], [1, 0, 0, 1], 2).micro.f1; // 0.8
 */
export function multilabelScores(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  labels: number,
): MultilabelScores {
  const rows = checkLabels(truth, predicted, labels);
  const counts = Array.from({ length: labels }, emptyCounts);
  const all = emptyCounts();
  const samples: PrecisionRecallF1 = { precision: 0, recall: 0, f1: 0 };
  let [exact, wrong] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const own = emptyCounts();
    for (let label = 0; label < labels; label++) {
      const at = row * labels + label;
      add(counts[label], truth[at], predicted[at]);
      add(own, truth[at], predicted[at]);
    }
    addScores(samples, scoresOf(own), 1 / rows);
    const errors = own.truth + own.predicted - 2 * own.hits;
    if (errors === 0) exact++;
    wrong += errors;
  }
  const macro: PrecisionRecallF1 = { precision: 0, recall: 0, f1: 0 };
  const byLabel = counts.map(scoresOf);
  for (const [label, scores] of byLabel.entries()) {
    addScores(macro, scores, 1 / labels);
    all.truth += counts[label].truth;
    all.predicted += counts[label].predicted;
    all.hits += counts[label].hits;
  }
  return {
    precision: Float64Array.from(byLabel, ({ precision }) => precision),
    recall: Float64Array.from(byLabel, ({ recall }) => recall),
    f1: Float64Array.from(byLabel, ({ f1 }) => f1),
    support: Int32Array.from(counts, (own) => own.truth),
    micro: scoresOf(all),
    macro,
    samples,
    exactMatch: exact / rows,
    hammingLoss: wrong / (rows * labels),
  };
}

/** Of some cells: how many are 1 in the truth, in the prediction, in both. */
interface Counts {
  truth: number;
  predicted: number;
  hits: number;
}

function emptyCounts(): Counts {
  return { truth: 0, predicted: 0, hits: 0 };
}

function add(counts: Counts, truth: number, predicted: number): void {
  counts.truth += truth;
  counts.predicted += predicted;
  counts.hits += truth * predicted;
}

function scoresOf({ truth, predicted, hits }: Counts): PrecisionRecallF1 {
  return {
    precision: predicted === 0 ? 0 : hits / predicted,
    recall: truth === 0 ? 0 : hits / truth,
    f1: truth + predicted === 0 ? 0 : (2 * hits) / (truth + predicted),
  };
}

function addScores(to: PrecisionRecallF1, { precision, recall, f1 }: PrecisionRecallF1, weight: number): void {
  to.precision += weight * precision;
  to.recall += weight * recall;
  to.f1 += weight * f1;
}
