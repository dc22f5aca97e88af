// The folder of a text classifier.
import { z } from "zod";
import { type FolderKind, factText, modelFacts, modelFiles } from "./folder-kind.js";

const facts = z.object({
  ...modelFacts,
  textColumns: z.array(factText).min(1),
  labelColumn: factText,
  /** The label column's type in DuckDB's words, which answers take again; without it text. */
  labelType: factText.optional(),
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

export const textClassifier = {
  noun: "a text classifier",
  folder: "model folder",
  not: "not a model folder",
  made: "columnist train",
  uses: "columnist predict, evaluate or inspect",
  facts,
  owns: new RegExp(`^(${modelFiles}|training-texts\\.safetensors)$`),
} satisfies FolderKind;
