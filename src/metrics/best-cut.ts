// From scores to decisions: where to cut, and what is answered from there up.
import { checkSameLength } from "./check-lengths.js";

/** What a threshold comes to on some rows. */
export interface Cut {
  /** Rows whose score is at least the threshold, and how many of them are own ones. */
  taken: number;
  hits: number;
  /** All own ones, all rows. */
  own: number;
  rows: number;
}

/**
 * The threshold that is worth most on these rows; of equal ones the lowest. It lies midway between two neighbouring scores (below
 * the least one: between it and 0; above the highest one, where nothing is taken: between it and 1).
 *
 * @param truth 1 for the rows that should be taken, otherwise 0
 * @param scores in [0, 1]
 * @param worth of a cut; NaN where it cannot be chosen
 * @returns NaN where none can be chosen
 * @example
 * bestCut([0, 1, 1], [0.2, 0.4, 0.9], ({ hits, taken }) => hits - 10 * (taken - hits)); // 0.3
 */
export function bestCut(truth: ArrayLike<number>, scores: ArrayLike<number>, worth: (cut: Cut) => number): number {
  checkSameLength(truth, scores);
  const rows = truth.length;
  const order = Int32Array.from({ length: rows }, (_, row) => row).sort((a, b) => scores[b] - scores[a] || a - b);
  let own = 0;
  for (let row = 0; row < rows; row++) own += truth[row];
  let [best, most] = [Number.NaN, Number.NEGATIVE_INFINITY];
  let hits = 0;
  for (let taken = 0; taken <= rows; taken++) {
    if (taken > 0) hits += truth[order[taken - 1]];
    const above = taken === 0 ? 1 : scores[order[taken - 1]];
    const below = taken === rows ? 0 : scores[order[taken]];
    if (above === below && taken < rows) continue;
    const value = worth({ taken, hits, own, rows });
    if (Number.isNaN(value) || value < most) continue;
    most = value;
    best = (above + below) / 2;
  }
  return best;
}

export interface CoveragePoint {
  /** Share of the rows that are answered: those with a confidence of at least `threshold`. */
  coverage: number;
  threshold: number;
  /** Share of them that are right. */
  accuracy: number;
}

/**
 * How accuracy grows as the unsurest rows are left to a person: at most `points` points, from all rows to the surest ones.
 *
 * @param right 1 for rows that are answered right, otherwise 0
 * @param confidence in [0, 1]
 * @example
 * coverageCurve([1, 0], [0.9, 0.6]); // [{ coverage: 1, threshold: 0.6, accuracy: 0.5 }, { coverage: 0.5, threshold: 0.9, accuracy: 1 }]
 */
export function coverageCurve(right: ArrayLike<number>, confidence: ArrayLike<number>, points = 20): CoveragePoint[] {
  checkSameLength(right, confidence);
  const rows = right.length;
  const order = Int32Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => confidence[b] - confidence[a] || a - b,
  );
  const curve: CoveragePoint[] = [];
  let [hits, next] = [0, 1];
  for (let taken = 1; taken <= rows; taken++) {
    hits += right[order[taken - 1]];
    const threshold = confidence[order[taken - 1]];
    // Rows of one confidence are answered together.
    if (taken < rows && confidence[order[taken]] === threshold) continue;
    if (taken < (next * rows) / points && taken < rows) continue;
    curve.push({ coverage: taken / rows, threshold, accuracy: hits / taken });
    while (next <= (taken * points) / rows) next++;
  }
  return curve.reverse();
}
