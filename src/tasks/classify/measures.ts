// Figures that classifiers are compared by.
import { countedFigures, probabilityFigures, rankingFigures } from "../../metrics/index.js";
import type { LabelValue } from "../read-labelled.js";
import type { Measure } from "../task.js";
import { classRows } from "./score-answers.js";
import { classesOf, type LabelSpace } from "./space.js";

/** From class frequencies, from areas under curves, from the probabilities of single rows. */
const counted = ["accuracy", "balancedAccuracy", "macroF1", "weightedF1", "mcc"] as const;
const ranked = ["auroc", "averagePrecision"] as const;
const byProbability = ["logLoss", "brierScore", "calibrationError"] as const;
type Name = (typeof counted | typeof ranked | typeof byProbability)[number];

export const classMeasures: (Measure & { name: Name })[] = [
  { name: "accuracy", title: "Accuracy", isShare: true, isOfErrors: true },
  { name: "macroF1", title: "Macro F1", isShare: true, isOverLabels: true },
  { name: "balancedAccuracy", title: "Balanced accuracy", isShare: true, isOverLabels: true },
  { name: "weightedF1", title: "Weighted F1", isShare: true },
  { name: "mcc", title: "MCC", isShare: false },
  { name: "auroc", title: "AUROC", isShare: true, isOverLabels: true },
  { name: "averagePrecision", title: "Average precision", isShare: true, isOverLabels: true },
  { name: "logLoss", title: "Log loss", isShare: false, higherIsBetter: false },
  { name: "brierScore", title: "Brier score", isShare: false, higherIsBetter: false },
  { name: "calibrationError", title: "Calibration error", isShare: true, higherIsBetter: false },
];

const holds = (names: readonly string[], name: string) => names.includes(name);

export function measureClasses(
  name: string,
  labels: readonly LabelValue[],
  answers: Float32Array,
  space: LabelSpace,
): (rows: ArrayLike<number>) => number {
  const rows = classRows(classesOf(labels, space).values, answers, space.labels.length);
  const figures: (sample: ArrayLike<number>) => object = holds(counted, name)
    ? countedFigures(rows.truth, rows.predicted, rows.classes + 1)
    : holds(ranked, name)
      ? rankingFigures(rows)
      : probabilityFigures(rows);
  return (sample) => (figures(sample) as Record<string, number>)[name];
}
