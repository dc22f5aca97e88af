// The folder of a model that answers texts, whatever its task. While it is trained, the folder of its run stands in it.
import { z } from "zod";
import { type FolderKind, factText, modelFacts, modelFiles } from "./folder-kind.js";

const facts = z.object({
  ...modelFacts,
  /** A row of the table of tasks. */
  task: factText,
  textColumns: z.array(factText).min(1),
  /** The column that the model predicts. */
  labelColumn: factText,
  /** Its type in DuckDB's words, which answers take again; without it text. */
  labelType: factText.optional(),
  /** What the model can answer: the task's own part. */
  answers: z.unknown(),
  options: z.looseObject({
    seed: z.number(),
    splitSeed: z.number(),
    epochs: z.number().optional(),
    /** Columns that the rows were divided by. */
    group: factText.optional(),
    time: factText.optional(),
    folds: z.number().optional(),
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

export const textModel = {
  noun: "a text model",
  folder: "model folder",
  not: "not a model folder",
  made: "columnist train",
  uses: "columnist predict, evaluate or inspect",
  facts,
  owns: new RegExp(
    `^(${modelFiles}|base|member-\\d+|(training-texts|row-parts|out-of-fold)\\.safetensors|trust-[a-z-]+\\.json|run)$`,
  ),
} satisfies FolderKind;
