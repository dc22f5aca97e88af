// What is measured of a classifier on held-out rows, defined once. Data only.
import { z } from "zod";

const share = z.number().min(0).max(1);
const shares = z.object({ low: share, high: share });
const interval = z.object({ low: z.number(), high: z.number() }).optional();
/** Null where nothing can be measured; intervals are left out there. */
const perhaps = z.number().nullable();

/** Results on rows that training never touched. A row whose label training never saw counts as an error. */
export const classificationScoresSchema = z.object({
  rows: z.number(),
  correct: z.number(),
  accuracy: share.describe("Also micro precision, recall and F1, and weighted recall"),
  accuracyInterval: shares.describe(
    "95 %, Wilson; others by bootstrap, of means over labels within each; with a group column all by groups",
  ),
  balancedAccuracy: perhaps.describe("Mean recall of the labels that occur"),
  balancedAccuracyInterval: interval,
  macroPrecision: perhaps.describe("Mean over the labels that occur or were predicted"),
  macroPrecisionInterval: interval,
  macroRecall: perhaps,
  macroRecallInterval: interval,
  macroF1: share.describe(
    "Mean over the labels that occur or were predicted; all labels never seen in training count as one more, with F1 0",
  ),
  macroF1Interval: shares,
  weightedPrecision: perhaps.describe("Mean over the labels, weighted by their rows"),
  weightedPrecisionInterval: interval,
  weightedF1: perhaps,
  weightedF1Interval: interval,
  mcc: perhaps.describe("Matthews' correlation coefficient, from −1 to 1"),
  mccInterval: interval,
  top3Accuracy: share
    .optional()
    .describe("Share of rows whose label is among the three likeliest; of more than three labels"),
  top3AccuracyInterval: interval,
  top5Accuracy: share.optional(),
  top5AccuracyInterval: interval,
  auroc: perhaps.describe(
    "Mean area under the ROC curve, each label against the rest; like all below, over rows with a known label",
  ),
  aurocInterval: interval,
  averagePrecision: perhaps.describe("Mean over the labels"),
  averagePrecisionInterval: interval,
  logLoss: perhaps.describe("Nats per row; null if there are no rows"),
  logLossInterval: interval,
  brierScore: perhaps.describe("Mean squared distance of the probabilities from the truth; halved for two labels"),
  brierScoreInterval: interval,
  calibrationError: share.nullable().describe("Mean distance of confidence from accuracy (15 bins)"),
  calibrationErrorInterval: interval,
  temperature: z
    .number()
    .optional()
    .describe("Which makes the log loss of the validation rows least; above 1, probabilities are too sure"),
  scaledLogLoss: perhaps.optional().describe("With probabilities scaled by that temperature"),
  scaledCalibrationError: share.nullable().optional(),
  scaledCalibrationErrorInterval: interval,
  coverage: z
    .array(z.object({ coverage: share, threshold: z.number(), accuracy: share }))
    .describe("How accuracy grows as rows below a probability are left to a person; of all rows first"),
  classes: z.array(
    z.object({
      label: z.string(),
      rows: z.number(),
      precision: share,
      precisionInterval: shares,
      recall: share,
      recallInterval: shares,
      f1: share,
      f1Interval: shares,
      auroc: perhaps.optional(),
      averagePrecision: perhaps.optional(),
    }),
  ),
  confusion: z
    .array(z.object({ truth: z.string(), predicted: z.string(), rows: z.number() }))
    .describe("Nonzero cells, the largest first"),
  unseenLabels: z.array(z.object({ label: z.string(), rows: z.number() })),
});

export type ClassificationScores = z.infer<typeof classificationScoresSchema>;
