// Options of making static vectors from an encoder, defined once.
import { z } from "zod";
import { overwriteOption, sourceOptions, threadsOption } from "../options.js";

export const distilOptionsSchema = z.object({
  text: z.array(z.string().min(1)).default([]).meta({
    description: "text column of the table; repeat it to join several",
    value: "column",
    expects: "a column name",
  }),
  dimensions: z.number().int().min(1).max(4096).default(256).meta({
    description: "numbers of a vector, at most the encoder's",
    value: "n",
    expects: "a whole number from 1 to 4096",
  }),
  threads: threadsOption,
  out: z.string().min(1).default("vectors").meta({
    description: "output folder for the vectors",
    value: "folder",
    expects: "a folder",
  }),
  overwrite: overwriteOption,
  ...sourceOptions,
});

export type DistilOptions = z.input<typeof distilOptionsSchema>;
