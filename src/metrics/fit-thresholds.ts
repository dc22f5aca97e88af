// From probabilities of labels to sets of labels: one threshold a label.
import { checkLabels } from "./check-lengths.js";

/** Of a label that no row has: there is nothing to fit. */
const defaultThreshold = 0.5;

/**
 * The threshold of each label with the best F1 on these rows; of equal ones the highest. It is the midpoint between two
 * neighbouring probabilities (below the least: between it and 0). A label that no row has gets 0.5. A label is predicted where
 * its probability is at least the threshold, see `predictedLabels`.
 *
 * @param truth 0 or 1, row-major (rows, labels): validation rows, never those that the model learnt from
 * @param probabilities row-major (rows, labels)
 * @returns shape (labels)
 * @throws RangeError when the lengths differ, or are not a multiple of `labels`
 * @example
 * fitThresholds([0, 1, 1], [0.1, 0.3, 0.9], 1); // Float64Array [0.2]
 */
export function fitThresholds(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  labels: number,
): Float64Array {
  const rows = checkLabels(truth, probabilities, labels);
  const thresholds = new Float64Array(labels).fill(defaultThreshold);
  const column = new Float64Array(rows);
  for (let label = 0; label < labels; label++) {
    let positives = 0;
    for (let row = 0; row < rows; row++) {
      const own = truth[row * labels + label];
      positives += own;
      column[row] = probabilities[row * labels + label];
    }
    if (positives === 0) continue;
    const order = Int32Array.from(column.keys()).sort((a, b) => column[b] - column[a]);
    let [hits, best] = [0, 0];
    for (let i = 0; i < rows; i++) {
      hits += truth[order[i] * labels + label];
      const [above, below] = [column[order[i]], i + 1 < rows ? column[order[i + 1]] : 0];
      const f1 = (2 * hits) / (i + 1 + positives);
      if (f1 <= best || (i + 1 < rows && above === below)) continue;
      best = f1;
      // Between numbers without another in between, the midpoint is one of the two.
      const middle = (above + below) / 2;
      thresholds[label] = middle > below ? middle : above;
    }
  }
  return thresholds;
}

/**
 * 1 where a probability is at least the threshold of its label, otherwise 0.
 *
 * @param probabilities row-major (rows, labels)
 * @param thresholds shape (labels)
 * @returns row-major (rows, labels)
 * @example
 * predictedLabels([0.3, 0.3], [0.2, 0.5]); // Uint8Array [1, 0]
 */
export function predictedLabels(probabilities: ArrayLike<number>, thresholds: ArrayLike<number>): Uint8Array {
  const labels = thresholds.length;
  return Uint8Array.from(probabilities, (probability, at) => (probability >= thresholds[at % labels] ? 1 : 0));
}
