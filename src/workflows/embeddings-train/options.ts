// Options of training vectors of words, defined once.
import { z } from "zod";
import { wordVectorOptions } from "../../embeddings/options.js";
import { overwriteOption, seedOption, sourceOptions, threadsOption } from "../options.js";

export const embeddingsTrainOptionsSchema = z.object({
  text: z.array(z.string().min(1)).default([]).meta({
    description: "text column, not needed for .txt files; repeat it to join several",
    value: "column",
    expects: "a column name",
  }),
  ...wordVectorOptions,
  format: z.enum(["safetensors", "word2vec", "word2vec-binary", "glove"]).default("safetensors").meta({
    description: "safetensors (a folder), or one file in another format",
    value: "name",
  }),
  seed: seedOption,
  threads: threadsOption,
  out: z.string().min(1).default("vectors").meta({
    description: "output folder or file for the vectors",
    value: "path",
    expects: "a path",
  }),
  overwrite: overwriteOption,
  ...sourceOptions,
});

export type EmbeddingsTrainOptions = z.input<typeof embeddingsTrainOptionsSchema>;
