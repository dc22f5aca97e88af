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
  name: z.string().optional().describe("Where it is not that of the family: there are several settings of it"),
  family: z.string(),
  validation: z
    .record(z.string(), figure)
    .describe("Figures on the validation rows, or on those of all folds; the basis of the choice"),
  figures: z.array(figureSchema).min(2).describe("On the held-out rows, the most telling one first"),
  heldOut: z.unknown().describe("All that was measured on the held-out rows; what it holds is the task's"),
  trainingSeconds: z.number(),
  secondsPerRow: z.number().optional().describe("Of answering, where it was measured"),
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
  stopped: z.enum(["finished", "early", "cancelled", "time"]),
});

const searchSchema = z.object({
  budget: z.number().describe("Seconds"),
  seconds: z.number().describe("Until the choice"),
  reason: z.string(),
  ensemble: z
    .array(z.object({ name: z.string(), weight: z.number() }))
    .optional()
    .describe("Whose answers the ensemble averages"),
  predictLimit: z.number().optional().describe("Seconds that a row may take"),
  tooSlow: z.array(z.string()).describe("Ruled out by that limit"),
  moreRows: z
    .object({ gain: z.number(), interval: z.object({ low: z.number(), high: z.number() }), sentence: z.string() })
    .optional()
    .describe("What twice the rows would bring the linear model"),
  stopped: z
    .array(z.object({ name: z.string(), seconds: z.number(), share: z.number(), value: figure }))
    .describe("Behind other settings of their family, at that share of their training"),
  notBegun: z
    .array(z.object({ name: z.string(), seconds: z.number().optional() }))
    .describe("Could not be over in time, and what they would have taken"),
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
  split: z
    .object({
      group: z.string().optional(),
      time: z.string().optional(),
      groupInTest: z.number().optional(),
      withoutTime: z.number().optional(),
      repeatedTexts: z.number(),
    })
    .optional()
    .describe("Columns that the rows were divided by, and what it left out"),
  baselines: z
    .array(z.object({ name: z.string(), figures: z.array(figureSchema).min(2) }))
    .describe("What anyone could answer without a model"),
  models: z.array(modelResultSchema).min(1).describe("In the order of training"),
  choice: z
    .object({ folds: z.number(), rows: z.number() })
    .optional()
    .describe("Where few rows are chosen by in folds instead of the validation rows alone"),
  outOfFold: z
    .object({ folds: z.number(), rows: z.number(), figures: z.array(figureSchema).min(2), scores: z.unknown() })
    .optional()
    .describe("Of training and validation rows, each answered by a model of the family that did not learn from it"),
  winner: z.string().describe("Best on the validation rows, or in the folds"),
  family: z.string().describe("The one in this folder: the winner, or the family that was requested"),
  chosen: z.string().optional().describe("Its name, where it is not that of the family"),
  metric: z
    .object({ name: z.string(), title: z.string(), isShare: z.boolean(), higherIsBetter: z.boolean().optional() })
    .optional()
    .describe("What the models were chosen by, where it was asked for"),
  search: searchSchema.optional().describe("Of a search with a budget"),
  decision: z
    .object({ sentence: z.string(), scores: z.looseObject({}) })
    .optional()
    .describe("What the chosen threshold comes to on the held-out rows"),
  warnings: z.array(z.string()),
});

export type SearchFacts = z.infer<typeof searchSchema>;
export type ModelResult = z.infer<typeof modelResultSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;

/** What a model is called beside the others. */
export function nameOf({ name, family }: Pick<ModelResult, "name" | "family">): string {
  return name ?? family;
}
