// Whether the true class is among the likeliest ones.
import { checkShape } from "./check-lengths.js";

/**
 * Share of rows whose true class is among the `count` likeliest; of equal probabilities the lower class comes first, as in
 * `predictedClasses`. NaN for no rows.
 *
 * @param truth class indices, shape (rows); one that is no class is never found
 * @param probabilities row-major (rows, classes)
 * @example
 * topAccuracy([2, 0], [0.5, 0.2, 0.3, 0.1, 0.6, 0.3], 3, 2); // 0.5
 */
export function topAccuracy(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  count: number,
): number {
  const places = trueClassRanks(truth, probabilities, classes);
  return places.reduce((sum, place) => sum + (place < count ? 1 : 0), 0) / truth.length;
}

/** How many classes stand before the true one, shape (rows); `classes` where it is none of them. */
export function trueClassRanks(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): Int32Array {
  checkShape(truth, probabilities, classes);
  return Int32Array.from({ length: truth.length }, (_, row) => {
    const own = truth[row];
    if (!(own >= 0 && own < classes)) return classes;
    const value = probabilities[row * classes + own];
    let before = 0;
    for (let c = 0; c < classes; c++) {
      const other = probabilities[row * classes + c];
      if (other > value || (other === value && c < own)) before++;
    }
    return before;
  });
}
