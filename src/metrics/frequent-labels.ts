// What a model of sets of labels must beat: always the most frequent labels of the training rows.
import { checkLabels } from "./check-lengths.js";

/**
 * The labels that, predicted for every one of these rows, give the best micro F1: the most frequent ones, at least one. Of
 * equally frequent labels the lower index comes first; of equal scores the fewer labels win.
 *
 * @param truth 0 or 1, row-major (rows, labels): training rows
 * @returns 0 or 1, shape (labels): what the baseline predicts for any row
 * @throws RangeError when the length is not a multiple of `labels`
 * @example
 * frequentLabels([1, 0, 0, 1, 0, 0, 0, 1, 0], 3); // Uint8Array [1, 0, 0]
 */
export function frequentLabels(truth: ArrayLike<number>, labels: number): Uint8Array {
  const rows = checkLabels(truth, truth, labels);
  const counts = new Int32Array(labels);
  for (let at = 0; at < truth.length; at++) counts[at % labels] += truth[at];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a]);
  let [hits, best, kept] = [0, -1, 0];
  for (const [place, label] of order.entries()) {
    hits += counts[label];
    const f1 = (2 * hits) / (rows * (place + 1) + total);
    if (f1 <= best) continue;
    best = f1;
    kept = place + 1;
  }
  const set = new Uint8Array(labels);
  for (const label of order.slice(0, kept)) set[label] = 1;
  return set;
}
