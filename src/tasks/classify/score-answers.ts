// Scores of one model's answers on held-out rows. Knows probabilities and labels, no model and no files.
import {
  bootstrapInterval,
  calibrationError,
  classScores,
  confusionMatrix,
  logLoss,
  predictedClasses,
  wilsonInterval,
} from "../../metrics/index.js";
import type { ClassificationScores } from "./scores.js";

export interface Truth {
  /** Class index of each row; -1 for a label that training never saw. */
  classes: Int32Array;
  /** Labels that training never saw, with their rows. */
  unseen: readonly { label: string; rows: number }[];
}

/**
 * @param probabilities row-major (rows, labels)
 * @param labels names in the order of the classes
 * @example
 * const truth = { classes: Int32Array.of(0, 1), unseen: [] };
 * scoreAnswers(truth, Float32Array.of(0.9, 0.1, 0.2, 0.8), ["ham", "spam"]).accuracy; // 1
 */
export function scoreAnswers(
  truth: Truth,
  probabilities: Float32Array,
  labels: readonly string[],
  seed = 0,
): ClassificationScores {
  const predicted = predictedClasses(probabilities, labels.length);
  const rows = predicted.length;
  const size = truth.unseen.length > 0 ? labels.length + 1 : labels.length;
  const names = [...labels, "(label never seen in training)"].slice(0, size);
  const wanted = truth.classes.map((index) => (index < 0 ? labels.length : index));
  const confusion = confusionMatrix(wanted, predicted, size);
  const scores = classScores(confusion, size);
  let correct = 0;
  for (let row = 0; row < rows; row++) if (predicted[row] === wanted[row]) correct++;
  const known = knownRows(truth.classes, probabilities, labels.length);
  return {
    rows,
    correct,
    accuracy: correct / rows,
    accuracyInterval: wilsonInterval(correct, rows),
    macroF1: scores.macro.f1,
    macroF1Interval: bootstrapInterval(wanted, predicted, size, { seed, resamples: resamplesFor(rows, size) }),
    logLoss: known.truth.length > 0 ? logLoss(known.truth, known.probabilities, labels.length) : null,
    calibrationError: known.truth.length > 0 ? calibrationError(known.truth, known.probabilities, labels.length) : null,
    classes: names.map((label, i) => ({
      label,
      rows: scores.support[i],
      precision: scores.precision[i],
      recall: scores.recall[i],
      f1: scores.f1[i],
    })),
    confusion: cellsOf(confusion, names),
    unseenLabels: [...truth.unseen],
  };
}

/** 1000, fewer where rows and classes are so many that it would take minutes. */
function resamplesFor(rows: number, classes: number): number {
  return Math.min(1000, Math.max(100, Math.floor(1e9 / (rows + classes * classes))));
}

function knownRows(classes: Int32Array, probabilities: Float32Array, size: number) {
  if (!classes.includes(-1)) return { truth: classes, probabilities };
  const rows = [...classes.keys()].filter((row) => classes[row] >= 0);
  const kept = new Float32Array(rows.length * size);
  for (const [i, row] of rows.entries()) kept.set(probabilities.subarray(row * size, (row + 1) * size), i * size);
  return { truth: Int32Array.from(rows, (row) => classes[row]), probabilities: kept };
}

function cellsOf(confusion: Int32Array, names: readonly string[]): ClassificationScores["confusion"] {
  const cells: ClassificationScores["confusion"] = [];
  for (let i = 0; i < confusion.length; i++) {
    const rows = confusion[i];
    if (rows > 0) cells.push({ truth: names[Math.floor(i / names.length)], predicted: names[i % names.length], rows });
  }
  return cells.sort((a, b) => b.rows - a.rows);
}
