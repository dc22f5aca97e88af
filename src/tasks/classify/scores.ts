// What is measured of a classifier on held-out rows, defined once. Data only.
import { z } from "zod";

const share = z.number().min(0).max(1);
const interval = z.object({ low: share, high: share });

/** Results on rows that training never touched. A row whose label training never saw counts as an error. */
export const classificationScoresSchema = z.object({
  rows: z.number(),
  correct: z.number(),
  accuracy: share,
  accuracyInterval: interval.describe("95 %, Wilson"),
  macroF1: share.describe(
    "Mean over the labels that occur or were predicted; all labels never seen in training count as one more, with F1 0",
  ),
  macroF1Interval: interval.describe("95 %, bootstrap over the rows"),
  logLoss: z.number().nullable().describe("Nats per row, over rows with a known label; null if there are none"),
  calibrationError: share
    .nullable()
    .describe("Mean distance of confidence from accuracy (15 bins), over the same rows"),
  classes: z.array(z.object({ label: z.string(), rows: z.number(), precision: share, recall: share, f1: share })),
  confusion: z
    .array(z.object({ truth: z.string(), predicted: z.string(), rows: z.number() }))
    .describe("Nonzero cells, the largest first"),
  unseenLabels: z.array(z.object({ label: z.string(), rows: z.number() })),
});

export type ClassificationScores = z.infer<typeof classificationScoresSchema>;
