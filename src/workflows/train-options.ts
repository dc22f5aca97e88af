// Options of training, defined once.
import { z } from "zod";
import { familyNames } from "../models/text-classifier/families.js";
import { seedOption, sourceOptions, textOption, threadsOption } from "./options.js";

export const trainOptionsSchema = z.object({
  text: textOption,
  label: z.string().min(1).meta({ description: "column to predict", value: "column", expects: "a column name" }),
  test: z.string().min(1).optional().meta({
    description: "table to measure on (default: a fifth of the rows)",
    value: "table",
    expects: "a path",
  }),
  manyLabels: z.boolean().default(false).meta({
    description: "train on more than 2,000 labels too, and where most have fewer than three rows",
  }),
  model: z
    .enum(["all", ...familyNames])
    .default("all")
    .meta({ description: "family to train; linear always runs as the baseline", value: "name" }),
  epochs: z.number().int().min(1).max(10000).optional().meta({
    description: "most epochs of a network (default: by size)",
    value: "n",
    expects: "a whole number from 1 to 10000",
  }),
  embeddings: z.string().min(1).optional().meta({
    description: "vectors of words that networks start from, as columnist embeddings train writes them",
    value: "path",
    expects: "a path",
  }),
  freezeEmbeddings: z.boolean().default(false).meta({
    description: "the vectors of --embeddings stay as they are (default: training moves them)",
  }),
  base: z.string().min(1).optional().meta({
    description: "pretrained language model to fine-tune, as columnist pretrain writes it",
    value: "folder",
    expects: "a folder",
  }),
  seed: seedOption,
  threads: threadsOption,
  out: z.string().min(1).default("model").meta({
    description: "folder for the model",
    value: "folder",
    expects: "a folder",
  }),
  ...sourceOptions,
});

export type TrainOptions = z.input<typeof trainOptionsSchema>;
