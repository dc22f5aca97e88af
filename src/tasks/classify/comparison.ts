// metrics.json: what was measured on held-out rows, defined once. Data only.
import { z } from "zod";

const share = z.number().min(0).max(1);
const interval = z.object({ low: share, high: share });

/** Results on rows that training never touched. A row whose label training never saw counts as an error. */
export const scoresSchema = z.object({
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

const modelResultSchema = z.object({
  family: z.string(),
  validation: z.object({ accuracy: share, macroF1: share }).describe("On the validation rows; the basis of the choice"),
  heldOut: scoresSchema,
  trainingSeconds: z.number(),
  parameters: z.number(),
  epochs: z
    .array(z.object({ trainingLoss: z.number(), validationLoss: z.number(), validationAccuracy: share }))
    .describe("Learning curves of networks; empty for others"),
  keptEpoch: z.number().optional(),
  /** Why that epoch: best on the validation rows, or the last, where they are too few to tell. */
  kept: z.enum(["best", "last"]).optional(),
  stopped: z.enum(["finished", "early", "cancelled"]),
});

export const comparisonSchema = z.object({
  formatVersion: z.literal(1),
  heldOutSource: z.string().describe("Where the held-out rows come from, for display"),
  rows: z.object({
    training: z.number(),
    validation: z.number(),
    heldOut: z.number(),
    skippedEmptyText: z.number(),
    skippedEmptyLabel: z.number(),
    sharedWithTest: z.number(),
  }),
  majority: z
    .object({ label: z.string(), accuracy: share, macroF1: share })
    .describe("Always the most frequent label of the training rows"),
  models: z.array(modelResultSchema).min(1).describe("In the order of training"),
  winner: z.string().describe("Best on the validation rows"),
  family: z.string().describe("The one in this folder: the winner, or the family that was requested"),
  warnings: z.array(z.string()),
});

export type ClassificationScores = z.infer<typeof scoresSchema>;
export type ModelResult = z.infer<typeof modelResultSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
