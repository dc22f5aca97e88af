// Whether the labels of a row are ranked before the others.
import { checkLabels } from "./check-lengths.js";

/**
 * Label ranking average precision: of each label that a row has, the share of its labels among those ranked as high or
 * higher; mean over the labels of the row, then over rows. A row with no label, or all of them, counts as 1, as in
 * scikit-learn. In (0, 1]; NaN for no rows.
 *
 * @param truth 0 or 1, row-major (rows, labels)
 * @param scores probabilities or margins, row-major (rows, labels)
 * @throws RangeError when the lengths differ, or are not a multiple of `labels`
 * @example
 * labelRanking([1, 0, 0, 0, 0, 1], [0.75, 0.5, 1, 1, 0.2, 0.1], 3); // 0.416…
 */
export function labelRanking(truth: ArrayLike<number>, scores: ArrayLike<number>, labels: number): number {
  const rows = checkLabels(truth, scores, labels);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * labels, (row + 1) * labels];
    let [own, sum] = [0, 0];
    for (let at = from; at < to; at++) {
      if (truth[at] === 0) continue;
      let [ownAbove, above] = [0, 0];
      for (let other = from; other < to; other++) {
        if (scores[other] < scores[at]) continue;
        above++;
        ownAbove += truth[other];
      }
      sum += ownAbove / above;
      own++;
    }
    total += own === 0 ? 1 : sum / own;
  }
  return total / rows;
}
