// metrics.json: what was measured on held-out rows, defined once. Data only.
import { z } from "zod";

/** JSON has no NaN. */
const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const figureSchema = z.object({
  name: z.string(),
  title: z.string(),
  value: figure,
  interval: z.object({ low: z.number(), high: z.number() }).optional().describe("95 %"),
  isShare: z.boolean(),
  higherIsBetter: z.boolean().optional(),
});

const modelResultSchema = z.object({
  family: z.string(),
  validation: z.record(z.string(), figure).describe("Figures on the validation rows; the basis of the choice"),
  figures: z.array(figureSchema).min(2).describe("On the held-out rows, the most telling one first"),
  heldOut: z.unknown().describe("All that was measured on the held-out rows; what it holds is the task's"),
  trainingSeconds: z.number(),
  estimate: z
    .object({ seconds: z.number(), flops: z.number(), bytes: z.number() })
    .optional()
    .describe("What training was told to take at most, before it began"),
  parameters: z.number(),
  monitor: z.object({ name: z.string(), isShare: z.boolean() }).optional().describe("What tells the best epoch"),
  epochs: z
    .array(z.object({ trainingLoss: z.number(), validationLoss: z.number(), validationFigure: z.number() }))
    .describe("Learning curves of networks; empty for others"),
  keptEpoch: z.number().optional(),
  /** Why that epoch: best on the validation rows, or the last, where they are too few to tell. */
  kept: z.enum(["best", "last"]).optional(),
  stopped: z.enum(["finished", "early", "cancelled"]),
});

export const comparisonSchema = z.object({
  formatVersion: z.literal(2),
  task: z.string(),
  heldOutSource: z.string().describe("Where the held-out rows come from, for display"),
  rows: z.object({
    training: z.number(),
    validation: z.number(),
    heldOut: z.number(),
    skippedEmptyText: z.number(),
    skippedEmptyLabel: z.number(),
    sharedWithTest: z.number(),
  }),
  baselines: z
    .array(z.object({ name: z.string(), figures: z.array(figureSchema).min(2) }))
    .describe("What anyone could answer without a model"),
  models: z.array(modelResultSchema).min(1).describe("In the order of training"),
  winner: z.string().describe("Best on the validation rows"),
  family: z.string().describe("The one in this folder: the winner, or the family that was requested"),
  decision: z
    .object({ sentence: z.string(), scores: z.looseObject({}) })
    .optional()
    .describe("What the chosen threshold comes to on the held-out rows"),
  warnings: z.array(z.string()),
});

export type ModelResult = z.infer<typeof modelResultSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
