// Options of training vectors of words, defined once.
import { z } from "zod";
import { wordVectorOptions } from "../embeddings/options.js";
import { overwriteOption, seedOption, sourceOptions, threadsOption } from "./options.js";

export const embeddingsTrainOptionsSchema = z.object({
  text: z.array(z.string().min(1)).default([]).meta({
    description: "column with the text, not needed for .txt files; may be given again",
    value: "column",
    expects: "a column name",
  }),
  ...wordVectorOptions,
  format: z.enum(["safetensors", "word2vec", "word2vec-binary", "glove"]).default("safetensors").meta({
    description: "a folder with safetensors, or one file in the other formats",
    value: "name",
  }),
  seed: seedOption,
  threads: threadsOption,
  out: z.string().min(1).default("vectors").meta({
    description: "folder, or file, for the vectors",
    value: "path",
    expects: "a path",
  }),
  overwrite: overwriteOption,
  ...sourceOptions,
});

export type EmbeddingsTrainOptions = z.input<typeof embeddingsTrainOptionsSchema>;
