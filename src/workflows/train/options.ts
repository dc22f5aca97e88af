// Options of training, defined once.
import { z } from "zod";
import { option } from "../../base/option.js";
import { tuneNames } from "../../tasks/families/encoders.js";
import { taskNames } from "../../tasks/tasks.js";
import { decisionOptions } from "../decision-options.js";
import { overwriteOption, resumeOption, seedOption, sourceOptions, textOption, threadsOption } from "../options.js";

/** Of every task. */
const familyNames = ["linear", "cnn", "lstm", "transformer", "pretrained", ...tuneNames] as const;

export const trainOptionsSchema = z.object({
  text: textOption,
  label: z.string().min(1).meta({ description: "column to predict", value: "column", expects: "a column name" }),
  task: z.enum(taskNames).optional().meta({
    description: "what to learn (default: found from the column)",
    value: "name",
  }),
  separator: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: `what stands between the labels of a row, for ${option("task")} multilabel (default: found)`,
      value: "text",
      expects: "a text of at least one character",
    }),
  test: z.string().min(1).optional().meta({
    description: "test table (default: a fifth of the rows)",
    value: "table",
    expects: "a path",
  }),
  group: z.string().min(1).optional().meta({
    description: "column whose values stay together (customer, thread): none is on both sides",
    value: "column",
    expects: "a column name",
  }),
  time: z.string().min(1).optional().meta({
    description: "column of dates, times or numbers: trains on the past, tests on the newest",
    value: "column",
    expects: "a column name",
  }),
  folds: z.number().int().min(2).max(20).optional().meta({
    description: "answer each training row by a model that did not learn from it (so many more trainings)",
    value: "k",
    expects: "a whole number from 2 to 20",
  }),
  manyLabels: z.boolean().default(false).meta({
    description: "allow more than 2,000 labels, and labels that mostly have fewer than three rows",
  }),
  model: z
    .enum(["all", ...familyNames])
    .default("all")
    .meta({ description: "family to train (linear always runs, as the baseline)", value: "name" }),
  epochs: z.number().int().min(1).max(10000).optional().meta({
    description: "maximum number of epochs of a network (default: depends on the size)",
    value: "n",
    expects: "a whole number from 1 to 10000",
  }),
  budget: z.string().optional().meta({
    description: "total time: many settings are tried, and the best model is kept",
    value: "time",
    expects: "a time such as 90s, 10m or 2h",
  }),
  predictLimit: z
    .string()
    .optional()
    .meta({
      description: `longest time for answering a row, with ${option("budget")}`,
      value: "time",
      expects: "a time such as 2ms",
    }),
  metric: z.string().min(1).optional().meta({
    description: "figure to choose models by, such as macro-f1 (default: accuracy, micro-f1 or mae)",
    value: "name",
    expects: "the name of a figure",
  }),
  embeddings: z.string().min(1).optional().meta({
    description: "word vectors that networks start from (columnist embeddings train)",
    value: "path",
    expects: "a path",
  }),
  freezeEmbeddings: z
    .boolean()
    .default(false)
    .meta({
      description: `freeze the vectors of ${option("embeddings")} (default: training updates them)`,
    }),
  base: z.string().min(1).optional().meta({
    description: "where to start: a pretrained encoder (columnist pull) or language model (columnist pretrain)",
    value: "model",
    expects: "a folder or the id of a model in the cache",
  }),
  tune: z
    .enum(["auto", ...tuneNames])
    .default("auto")
    .meta({
      description: `what to learn from an encoder given by ${option("base")} (auto: what is worth its time)`,
      value: "name",
    }),
  merge: z.boolean().default(false).meta({
    description: "write low-rank updates (lora) merged with their base, so that the folder needs no other model",
  }),
  augmentSwaps: z.array(z.string().min(1)).default([]).meta({
    description: "also learn copies of rows in which words of a list are exchanged (he, she) (lists as in audit)",
    value: "list",
    expects: "names, gender, religion, nationality, age or a path",
  }),
  ...decisionOptions,
  seed: seedOption,
  splitSeed: seedOption.meta({
    description: `seed of the split: holds out the same rows whatever ${option("seed")} is`,
    value: "n",
    expects: "a whole number from 0 to 4294967295",
  }),
  threads: threadsOption,
  out: z.string().min(1).default("model").meta({
    description: "output folder for the model",
    value: "folder",
    expects: "a folder",
  }),
  overwrite: overwriteOption,
  resume: resumeOption,
  ...sourceOptions,
});

export type TrainOptions = z.input<typeof trainOptionsSchema>;
export type TrainSettings = z.output<typeof trainOptionsSchema>;
