// Options of training vectors, defined once.
import { z } from "zod";

export const methodNames = ["svd", "glove", "skipgram"] as const;

export const wordVectorOptions = {
  method: z.enum(methodNames).default("svd").meta({ description: "how to compute the vectors", value: "name" }),
  dim: z.number().int().min(1).max(4096).default(300).meta({
    description: "number of dimensions",
    value: "n",
    expects: "a whole number from 1 to 4096",
  }),
  window: z.number().int().min(1).max(60).default(5).meta({
    description: "context size in words, on each side",
    value: "n",
    expects: "a whole number from 1 to 60",
  }),
  minCount: z.number().int().min(1).default(5).meta({
    description: "omit rarer words",
    value: "n",
    expects: "a whole number from 1",
  }),
  vocabSize: z.number().int().min(1).optional().meta({
    description: "keep only this many words, the most frequent ones (default: all)",
    value: "n",
    expects: "a whole number from 1",
  }),
  subsample: z.number().min(0).max(1).optional().meta({
    description: "subsample words above this share of the text, 0 for none (default: 1e-4, glove 0, skipgram 1e-3)",
    value: "share",
    expects: "a number from 0 to 1",
  }),
  epochs: z.number().int().min(1).max(10000).optional().meta({
    description: "passes (default: glove 15 over the counts, skipgram 5 over the texts)",
    value: "n",
    expects: "a whole number from 1 to 10000",
  }),
  start: z
    .enum(["random", "svd"])
    .default("random")
    .meta({ description: "initial vectors of glove and skipgram", value: "name" }),
  eigenvalueWeight: z.number().min(0).max(1).default(0).meta({
    description: "svd: power of the singular values",
    value: "p",
    expects: "a number from 0 to 1",
  }),
  ngrams: z.boolean().default(false).meta({
    description: "also fit character n-gram vectors, for rare and misspelt words",
  }),
  cased: z.boolean().default(false).meta({ description: "keep upper and lower case apart" }),
};

export const wordVectorOptionsSchema = z.object(wordVectorOptions);

export type WordVectorOptions = z.input<typeof wordVectorOptionsSchema>;
