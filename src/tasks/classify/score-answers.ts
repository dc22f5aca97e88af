// Scores of one model's answers on held-out rows. Knows probabilities and labels, no model and no files.
import {
  type ClassRows,
  classIntervals,
  classScores,
  confusionMatrix,
  countedFigures,
  coverageCurve,
  type Interval,
  oneVersusRest,
  predictedClasses,
  probabilityFigures,
  rankingFigures,
  wilsonInterval,
} from "../../metrics/index.js";
import { intervalsOf, known, resamplesFor, type Sampling } from "../intervals.js";
import type { ClassificationScores } from "./scores.js";

export interface Truth {
  /** Class index of each row; -1 for a label that training never saw. */
  classes: Int32Array;
  /** Labels that training never saw, with their rows. */
  unseen: readonly { label: string; rows: number }[];
}

/** Numbers that areas under curves keep for each row and label; with more, their intervals are left out. */
const mostRanked = 1e7;

/** Top accuracies, for more labels than they look at. */
const tops = [
  [3, "top3Accuracy"],
  [5, "top5Accuracy"],
] as const;

/** Figures that are no share of rows, and no mean of such. */
const noShares = ["mcc", "logLoss", "scaledLogLoss", "brierScore"];
const isShare = (name: string) => !noShares.includes(name);

/**
 * @param probabilities row-major (rows, labels)
 * @param labels names in the order of the classes
 * @param temperature see `fitTemperature`
 * @example
 * const truth = { classes: Int32Array.of(0, 1), unseen: [] };
 * scoreAnswers(truth, Float32Array.of(0.9, 0.1, 0.2, 0.8), ["ham", "spam"]).accuracy; // 1
 */
export function scoreAnswers(
  truth: Truth,
  probabilities: Float32Array,
  labels: readonly string[],
  { seed = 0, clusters }: Sampling = {},
  temperature?: number,
): ClassificationScores {
  const own = classRows(truth.classes, probabilities, labels.length, temperature);
  const { truth: wanted, predicted } = own;
  const rows = predicted.length;
  const size = truth.unseen.length > 0 ? labels.length + 1 : labels.length;
  const names = [...labels, "(label never seen in training)"].slice(0, size);
  const confusion = confusionMatrix(wanted, predicted, size);
  const scores = classScores(confusion, size);
  const all = Int32Array.from(predicted, (_, row) => row);
  const counted = countedFigures(wanted, predicted, size);
  const byProbability = probabilityFigures(own);
  const values = { ...counted(all), ...byProbability(all) };
  const ranking = rankingOf(own);
  const correct = Math.round(values.accuracy * rows);

  // Means over labels are those of tables with as many rows of each; means over rows also vary with how many there are.
  const sampling = clusters ? { seed, clusters } : { seed, strata: wanted };
  const resamples = resamplesFor(2 * rows + size);
  const byLabel = intervalsOf(rows, { ...sampling, resamples }, counted, isShare);
  const byRow = intervalsOf(
    rows,
    { seed, clusters, resamples },
    (sample) => {
      const { weightedPrecision, weightedF1, mcc } = counted(sample);
      return { weightedPrecision, weightedF1, mcc, ...byProbability(sample) };
    },
    isShare,
  );
  const found = { ...byLabel, ...byRow };
  const ranked =
    rows * labels.length <= mostRanked
      ? intervalsOf(rows, { ...sampling, resamples: resamplesFor(rows * labels.length) }, rankingFigures(own))
      : undefined;
  const figure = <Name extends keyof typeof values>(name: Name) => given(name, values[name], found[name]);
  // A share of rows that are drawn one by one.
  const share = <Name extends keyof typeof values>(name: Name) => {
    const interval = clusters
      ? (found[name] ?? { low: 0, high: 1 })
      : wilsonInterval(Math.round(values[name] * rows), rows);
    return { [name]: values[name], [`${name}Interval`]: interval };
  };
  const byClass = classIntervals(
    wanted,
    predicted,
    size,
    clusters && { seed, clusters, resamples: resamplesFor(rows + 9 * size) },
  );
  const isScaled = temperature !== undefined;
  return {
    rows,
    correct,
    ...share("accuracy"),
    ...figure("balancedAccuracy"),
    ...figure("macroPrecision"),
    ...figure("macroRecall"),
    ...figure("macroF1"),
    ...figure("weightedPrecision"),
    ...figure("weightedF1"),
    ...figure("mcc"),
    ...Object.assign({}, ...tops.filter(([count]) => count < labels.length).map(([, name]) => share(name))),
    ...given("auroc", ranking.macro.auroc, ranked?.auroc),
    ...given("averagePrecision", ranking.macro.averagePrecision, ranked?.averagePrecision),
    ...figure("logLoss"),
    ...figure("brierScore"),
    ...given("calibrationError", values.calibrationError, reflected(values.calibrationError, found.calibrationError)),
    ...(isScaled && {
      temperature,
      scaledLogLoss: known(values.scaledLogLoss),
      ...given(
        "scaledCalibrationError",
        values.scaledCalibrationError,
        reflected(values.scaledCalibrationError, found.scaledCalibrationError),
      ),
    }),
    coverage: coverageCurve(
      Array.from(predicted, (answer, row) => (answer === wanted[row] ? 1 : 0)),
      Float64Array.from(predicted, (answer, row) => probabilities[row * labels.length + answer]),
    ),
    classes: names.map((label, i) => ({
      label,
      rows: scores.support[i],
      precision: scores.precision[i],
      precisionInterval: byClass[i].precision,
      recall: scores.recall[i],
      recallInterval: byClass[i].recall,
      f1: scores.f1[i],
      f1Interval: byClass[i].f1,
      ...(i < labels.length && {
        auroc: known(ranking.byClass[i].auroc),
        averagePrecision: known(ranking.byClass[i].averagePrecision),
      }),
    })),
    confusion: cellsOf(confusion, names),
    unseenLabels: [...truth.unseen],
  } as ClassificationScores;
}

/** @param classes of the rows; -1 for a label that training never saw */
export function classRows(
  classes: ArrayLike<number>,
  probabilities: Float32Array,
  labels: number,
  temperature?: number,
): ClassRows {
  return {
    truth: Int32Array.from(classes, (index) => (index < 0 ? labels : index)),
    predicted: predictedClasses(probabilities, labels),
    probabilities,
    classes: labels,
    temperature,
  };
}

function given(name: string, value: number, interval: Interval | undefined) {
  return { [name]: known(value), ...(interval && { [`${name}Interval`]: interval }) };
}

/**
 * Distances grow with noise: resamples are as much too high as the figure itself is, so that their quantiles are reflected at it (the
 * basic bootstrap, Davison and Hinkley 1997, 5.2). The figure stays inside.
 */
function reflected(value: number, interval: Interval | undefined): Interval | undefined {
  return interval && { low: Math.max(0, 2 * value - interval.high), high: Math.max(value, 2 * value - interval.low) };
}

/** Over the rows with a known label. */
function rankingOf({ truth, probabilities, classes }: ClassRows) {
  const rows = [...truth.keys()].filter((row) => truth[row] < classes);
  if (rows.length === truth.length) return oneVersusRest(truth, probabilities, classes);
  const kept = new Float32Array(rows.length * classes);
  for (const [i, row] of rows.entries())
    kept.set(probabilities.subarray(row * classes, (row + 1) * classes), i * classes);
  return oneVersusRest(
    rows.map((row) => truth[row]),
    kept,
    classes,
  );
}

function cellsOf(confusion: Int32Array, names: readonly string[]): ClassificationScores["confusion"] {
  const cells: ClassificationScores["confusion"] = [];
  for (let i = 0; i < confusion.length; i++) {
    const rows = confusion[i];
    if (rows > 0) cells.push({ truth: names[Math.floor(i / names.length)], predicted: names[i % names.length], rows });
  }
  return cells.sort((a, b) => b.rows - a.rows);
}
