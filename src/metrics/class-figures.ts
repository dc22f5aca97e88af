// Figures of classifiers on any of their rows: the inner loop of bootstraps, in which nothing is made anew.
import { checkSameLength, checkShape } from "./check-lengths.js";
import { correlationOf } from "./matthews.js";
import { meanRanking, type RankedRows, rankRows, weightedRanking } from "./ranking.js";
import { withTemperature } from "./temperature.js";
import { trueClassRanks } from "./top-accuracy.js";

/** A classifier's answers for some rows. */
export interface ClassRows {
  /** Classes, shape (rows). Those from `classes` on were never learned: such rows are errors, and have no true probability. */
  truth: Int32Array;
  /** Classes, shape (rows). */
  predicted: Int32Array;
  /** Row-major (rows, classes). */
  probabilities: Float32Array;
  classes: number;
  /** See `fitTemperature`. */
  temperature?: number;
}

export interface CountedFigures {
  accuracy: number;
  balancedAccuracy: number;
  macroPrecision: number;
  macroRecall: number;
  macroF1: number;
  weightedPrecision: number;
  weightedRecall: number;
  weightedF1: number;
  /** Matthews' correlation coefficient. */
  mcc: number;
}

/**
 * Figures of the rows of a sample, in which a row may stand several times; as in scikit-learn with zero_division=0.
 *
 * @param size number of classes, with one for those that were never learned
 */
export function countedFigures(
  truth: Int32Array,
  predicted: Int32Array,
  size: number,
): (sample: ArrayLike<number>) => CountedFigures {
  checkSameLength(truth, predicted);
  const [hits, support, answers] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
  return (sample) => {
    hits.fill(0);
    support.fill(0);
    answers.fill(0);
    for (let i = 0; i < sample.length; i++) {
      const [own, answer] = [truth[sample[i]], predicted[sample[i]]];
      support[own]++;
      answers[answer]++;
      if (own === answer) hits[own]++;
    }
    let [correct, present, occurring] = [0, 0, 0];
    let [precisions, recalls, f1s, weightedPrecisions, weightedF1s] = [0, 0, 0, 0, 0];
    for (let c = 0; c < size; c++) {
      if (support[c] + answers[c] === 0) continue;
      present++;
      if (support[c] > 0) occurring++;
      correct += hits[c];
      if (hits[c] === 0) continue;
      const f1 = (2 * hits[c]) / (support[c] + answers[c]);
      precisions += hits[c] / answers[c];
      recalls += hits[c] / support[c];
      f1s += f1;
      weightedPrecisions += (support[c] * hits[c]) / answers[c];
      weightedF1s += support[c] * f1;
    }
    const rows = sample.length;
    return {
      accuracy: correct / rows,
      balancedAccuracy: recalls / occurring,
      macroPrecision: precisions / present,
      macroRecall: recalls / present,
      macroF1: f1s / present,
      weightedPrecision: weightedPrecisions / rows,
      weightedRecall: correct / rows,
      weightedF1: weightedF1s / rows,
      mcc: correlationOf(hits, support, answers),
    };
  };
}

export interface ProbabilityFigures {
  /** Nats per row. */
  logLoss: number;
  brierScore: number;
  /** 15 bins. */
  calibrationError: number;
  /** After temperature scaling. */
  scaledLogLoss: number;
  scaledCalibrationError: number;
  /** Share of rows whose class is among the three and the five likeliest. */
  top3Accuracy: number;
  top5Accuracy: number;
}

const bins = 15;

/** Rows whose class was never learned count for top accuracies alone. */
export function probabilityFigures(rows: ClassRows): (sample: ArrayLike<number>) => ProbabilityFigures {
  const { truth, predicted, probabilities, classes, temperature = 1 } = rows;
  checkShape(truth, probabilities, classes);
  const plain = rowLosses(truth, predicted, probabilities, classes);
  const scaled =
    temperature === 1
      ? plain
      : rowLosses(truth, predicted, withTemperature(probabilities, classes, temperature), classes);
  const ranks = trueClassRanks(truth, probabilities, classes);
  const gap = calibrationGap(truth, predicted, classes);
  return (sample) => {
    let [known, logLoss, brier, scaledLogLoss, top3, top5] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < sample.length; i++) {
      const row = sample[i];
      if (ranks[row] < 3) top3++;
      if (ranks[row] < 5) top5++;
      if (truth[row] >= classes) continue;
      known++;
      logLoss += plain.logLoss[row];
      brier += plain.brier[row];
      scaledLogLoss += scaled.logLoss[row];
    }
    return {
      logLoss: logLoss / known,
      brierScore: brier / known / (classes === 2 ? 2 : 1),
      calibrationError: gap(sample, plain.confidence) / known,
      scaledLogLoss: scaledLogLoss / known,
      scaledCalibrationError: gap(sample, scaled.confidence) / known,
      top3Accuracy: top3 / sample.length,
      top5Accuracy: top5 / sample.length,
    };
  };
}

function rowLosses(truth: Int32Array, predicted: Int32Array, probabilities: Float32Array, classes: number) {
  const rows = truth.length;
  const epsilon = 2 ** -23;
  const [logLoss, brier, confidence] = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)];
  for (let row = 0; row < rows; row++) {
    confidence[row] = probabilities[row * classes + predicted[row]];
    if (truth[row] >= classes) continue;
    const own = probabilities[row * classes + truth[row]];
    logLoss[row] = -Math.log(Math.min(1 - epsilon, Math.max(epsilon, own)));
    for (let c = 0; c < classes; c++)
      brier[row] += (probabilities[row * classes + c] - (truth[row] === c ? 1 : 0)) ** 2;
  }
  return { logLoss, brier, confidence };
}

/** Σ rows · |accuracy − mean confidence| over bins of confidence. */
function calibrationGap(truth: Int32Array, predicted: Int32Array, classes: number) {
  const sums = new Float64Array(bins);
  return (sample: ArrayLike<number>, confidence: Float64Array) => {
    sums.fill(0);
    for (let i = 0; i < sample.length; i++) {
      const row = sample[i];
      if (truth[row] >= classes) continue;
      const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence[row] * bins) - 1));
      sums[bin] += confidence[row] - (truth[row] === predicted[row] ? 1 : 0);
    }
    let gap = 0;
    for (let bin = 0; bin < bins; bin++) gap += Math.abs(sums[bin]);
    return gap;
  };
}

export interface RankingFigures {
  /** Mean area under the ROC curve, each class against the rest. */
  auroc: number;
  /** Mean over the classes. */
  averagePrecision: number;
}

/** Rows whose class was never learned do not count. Keeps 9 bytes for each row and class. */
export function rankingFigures({
  truth,
  probabilities,
  classes,
}: ClassRows): (sample: ArrayLike<number>) => RankingFigures {
  checkShape(truth, probabilities, classes);
  const rows = truth.length;
  const ranked: RankedRows[] = [];
  const weights = new Int32Array(rows);
  // Of two classes the second mirrors the first, but average precision does not.
  for (let c = 0; c < classes; c++) ranked.push(rankRows(probabilities, c, classes));
  const isOwn = ranked.map((_, c) => Uint8Array.from(truth, (own) => (own === c ? 1 : 0)));
  return (sample) => {
    weights.fill(0);
    for (let i = 0; i < sample.length; i++) if (truth[sample[i]] < classes) weights[sample[i]]++;
    return meanRanking(ranked.map((own, c) => weightedRanking(own, isOwn[c], weights)));
  };
}
