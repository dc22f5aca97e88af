// metrics.json: what was measured on held-out rows, defined once. Data only.
import { z } from "zod";

const share = z.number().min(0).max(1);
const interval = z.object({ low: share, high: share });

/** Results on rows that training never touched. A row whose label training never saw counts as an error. */
export const scoresSchema = z.object({
  rows: z.number(),
  correct: z.number(),
  accuracy: share,
  /** 95 %, Wilson. */
  accuracyInterval: interval,
  /** Mean over the labels that occur or were answered; labels that training never saw are one more, with F1 0. */
  macroF1: share,
  /** 95 %, bootstrap over the rows. */
  macroF1Interval: interval,
  /** Nats a row, over rows with a known label; null when there are none. */
  logLoss: z.number().nullable(),
  /** Mean distance of confidence from accuracy (15 bins), over the same rows. */
  calibrationError: share.nullable(),
  classes: z.array(z.object({ label: z.string(), rows: z.number(), precision: share, recall: share, f1: share })),
  /** Cells that are not 0, the largest first. */
  confusion: z.array(z.object({ truth: z.string(), predicted: z.string(), rows: z.number() })),
  unseenLabels: z.array(z.object({ label: z.string(), rows: z.number() })),
});

const modelResultSchema = z.object({
  family: z.string(),
  /** On the validation rows; the choice rests on it. */
  validation: z.object({ accuracy: share, macroF1: share }),
  heldOut: scoresSchema,
  trainingSeconds: z.number(),
  parameters: z.number(),
  /** Learning curves of networks; empty for others. */
  epochs: z.array(z.object({ trainingLoss: z.number(), validationLoss: z.number(), validationAccuracy: share })),
  keptEpoch: z.number().optional(),
  /** Why that epoch: best on the validation rows, or the last, where they are too few to tell. */
  kept: z.enum(["best", "last"]).optional(),
  stopped: z.enum(["finished", "early", "cancelled"]),
});

export const comparisonSchema = z.object({
  formatVersion: z.literal(1),
  /** Where the held-out rows come from, for people. */
  heldOutSource: z.string(),
  rows: z.object({
    training: z.number(),
    validation: z.number(),
    heldOut: z.number(),
    skippedEmptyText: z.number(),
    skippedEmptyLabel: z.number(),
    sharedWithTest: z.number(),
  }),
  /** Always the most frequent label of the training rows. */
  majority: z.object({ label: z.string(), accuracy: share, macroF1: share }),
  /** In the order of training. */
  models: z.array(modelResultSchema).min(1),
  /** Best on the validation rows. */
  winner: z.string(),
  /** The one in this folder: the winner, or the family that was asked for. */
  family: z.string(),
  warnings: z.array(z.string()),
});

export type Scores = z.infer<typeof scoresSchema>;
export type ModelResult = z.infer<typeof modelResultSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
