// Options of finding similar words, defined once.
import { z } from "zod";
import { option } from "../../base/option.js";

export const similarOptionsSchema = z.object({
  minus: z
    .array(z.string().min(1))
    .default([])
    .meta({
      description: `word to subtract, as in: king woman ${option("minus")} man; repeatable`,
      value: "word",
      expects: "a word",
    }),
  top: z.number().int().min(1).max(1000).default(10).meta({
    description: "number of words to show",
    value: "n",
    expects: "a whole number from 1 to 1000",
  }),
});

export type SimilarOptions = z.input<typeof similarOptionsSchema>;
