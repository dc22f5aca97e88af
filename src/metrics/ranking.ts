// Whether scores rank the rows of a class above the others.
import { checkSameLength, checkShape } from "./check-lengths.js";

export interface RankingScores {
  /** Area under the ROC curve: the probability that a row of the class scores higher than another; equal scores count half. */
  auroc: number;
  /** Σ (recallᵢ − recallᵢ₋₁) precisionᵢ over the thresholds, from the highest score down. */
  averagePrecision: number;
}

/** Rows in the order of their scores. */
export interface RankedRows {
  /** Ascending. */
  order: Int32Array;
  /** 1 for the last one of equal scores, by place in `order`. */
  isLast: Uint8Array;
}

/**
 * Area under the ROC curve and average precision of one class; both NaN where all rows are of the class, or none.
 * Definitions of scikit-learn's roc_auc_score and average_precision_score.
 *
 * @param truth 1 for rows of the class, otherwise 0
 * @param scores the higher, the likelier
 * @throws RangeError when the lengths differ
 * @example
 * rankingScores([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // { auroc: 0.75, averagePrecision: 0.833… }
 */
export function rankingScores(truth: ArrayLike<number>, scores: ArrayLike<number>): RankingScores {
  checkSameLength(truth, scores);
  return weightedRanking(rankRows(scores), truth, undefined);
}

/**
 * Each class against the rest: its scores, and the mean over the classes that have rows and are not all of them (of two
 * classes, both areas are that of the second class).
 *
 * @param truth class indices, shape (rows)
 * @param probabilities row-major (rows, classes)
 * @example
 * oneVersusRest([0, 1, 1], [0.9, 0.1, 0.2, 0.8, 0.4, 0.6], 2).macro.auroc; // 1
 */
export function oneVersusRest(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): { macro: RankingScores; byClass: RankingScores[] } {
  checkShape(truth, probabilities, classes);
  const isOwn = new Uint8Array(truth.length);
  const byClass = Array.from({ length: classes }, (_, c) => {
    for (let row = 0; row < truth.length; row++) isOwn[row] = truth[row] === c ? 1 : 0;
    return weightedRanking(rankRows(probabilities, c, classes), isOwn, undefined);
  });
  return { macro: meanRanking(byClass), byClass };
}

/** Without classes that have none. */
export function meanRanking(scores: readonly RankingScores[]): RankingScores {
  const known = scores.filter(({ auroc }) => !Number.isNaN(auroc));
  const mean = (of: (one: RankingScores) => number) => known.reduce((sum, one) => sum + of(one), 0) / known.length;
  return { auroc: mean(({ auroc }) => auroc), averagePrecision: mean((one) => one.averagePrecision) };
}

/** @param truth 1 for rows of the class @param weights how often each row counts; by default once */
export function weightedRanking(
  { order, isLast }: RankedRows,
  truth: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): RankingScores {
  let [own, all] = [0, 0];
  for (let row = 0; row < order.length; row++) {
    const weight = weights ? weights[row] : 1;
    all += weight;
    if (truth[row] === 1) own += weight;
  }
  if (own === 0 || own === all) return { auroc: Number.NaN, averagePrecision: Number.NaN };
  let [area, precision] = [0, 0];
  let [ownBelow, allBelow, ownHere, allHere] = [0, 0, 0, 0];
  for (let place = 0; place < order.length; place++) {
    const row = order[place];
    const weight = weights ? weights[row] : 1;
    allHere += weight;
    if (truth[row] === 1) ownHere += weight;
    if (isLast[place] === 0) continue;
    if (ownHere > 0) {
      area += ownHere * (allBelow - ownBelow + (allHere - ownHere) / 2);
      precision += (ownHere * (own - ownBelow)) / (all - allBelow);
    }
    ownBelow += ownHere;
    allBelow += allHere;
    [ownHere, allHere] = [0, 0];
  }
  return { auroc: area / (own * (all - own)), averagePrecision: precision / own };
}

/** Of every `stride`-th value, from `first`. */
export function rankRows(scores: ArrayLike<number>, first = 0, stride = 1): RankedRows {
  const rows = Math.floor(scores.length / stride);
  const order = scores instanceof Float32Array ? orderOfFloats(scores, first, stride, rows) : undefined;
  const known =
    order ??
    Int32Array.from({ length: rows }, (_, row) => row).sort(
      (a, b) => scores[a * stride + first] - scores[b * stride + first] || a - b,
    );
  const isLast = new Uint8Array(rows);
  for (let place = 0; place < rows; place++)
    isLast[place] =
      place + 1 === rows || scores[known[place] * stride + first] !== scores[known[place + 1] * stride + first] ? 1 : 0;
  return { order: known, isLast };
}

/** The bits of a probability are as large as it is: with the row behind them they are sorted as numbers, ten times as fast. */
function orderOfFloats(scores: Float32Array, first: number, stride: number, rows: number): Int32Array | undefined {
  const room = 2 ** 23;
  if (rows > room) return undefined;
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  const keys = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const score = scores[row * stride + first];
    // Bits of 1 and less have 30 digits.
    if (!(score >= 0 && score <= 1)) return undefined;
    float[0] = score + 0;
    keys[row] = bits[0] * room + row;
  }
  keys.sort();
  return Int32Array.from(keys, (key) => key % room);
}
