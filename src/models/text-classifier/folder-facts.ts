// What the folder of a text classifier says about itself, defined once.
import { z } from "zod";
import { commonFacts, factText } from "../folder/index.js";

export const folderFactsSchema = z.object({
  ...commonFacts,
  task: z.literal("text-classifier"),
  textColumns: z.array(factText).min(1),
  labelColumn: factText,
  /** In the order of the classes. */
  labels: z.array(factText).min(2),
  options: z.object({
    seed: z.number(),
    /** Absent in folders of models that were split by their seed. */
    splitSeed: z.number().optional(),
    epochs: z.number().optional(),
    embeddings: z.string().optional(),
    freezeEmbeddings: z.boolean().optional(),
    base: z.string().optional(),
  }),
  data: z.object({
    source: factText,
    trainingRows: z.number(),
    validationRows: z.number(),
    heldOutRows: z.number(),
    /** SHA-256 of the texts and labels of the training and validation rows, in their order. */
    fingerprint: z.string(),
  }),
});

export type FolderFacts = z.infer<typeof folderFactsSchema>;
