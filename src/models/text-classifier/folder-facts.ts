// columnist.json: what a model folder says about itself, defined once.
import { z } from "zod";

/** Raised when a reader of the old layout would misread the new one. */
export const folderVersion = 1;

const textSchema = z.string().max(10_000_000);

export const folderFactsSchema = z.object({
  formatVersion: z.literal(folderVersion),
  task: z.literal("text-classifier"),
  /** The version that wrote it. */
  columnist: z.string(),
  family: z.string(),
  textColumns: z.array(textSchema).min(1),
  labelColumn: textSchema,
  /** In the order of the classes. */
  labels: z.array(textSchema).min(2),
  options: z.object({ seed: z.number(), epochs: z.number().optional() }),
  data: z.object({
    source: textSchema,
    trainingRows: z.number(),
    validationRows: z.number(),
    heldOutRows: z.number(),
    /** SHA-256 of the texts and labels of the training and validation rows, in their order. */
    fingerprint: z.string(),
  }),
  parameters: z.number(),
  /** The family's own part. */
  model: z.unknown(),
});

export type FolderFacts = z.infer<typeof folderFactsSchema>;
