// Options of reading fields out of texts, defined once.
import { z } from "zod";
import { decoderPrecisionOption, safeCsvOption, sourceOptions, textOption, threadsOption } from "../options.js";

export const extractOptionsSchema = z.object({
  text: textOption,
  schema: z.string().min(1).meta({
    description: "file with the JSON schema of the fields, an object with properties",
    value: "file",
    expects: "a path",
  }),
  with: z.string().min(1).optional().meta({
    description: "decoder (columnist models), the default is the one in the cache",
    value: "model",
    expects: "a path, or the id of a model in the cache",
  }),
  system: z.string().min(1).optional().meta({
    description: "what the model is told before each text (default: to fill in the schema)",
    value: "text",
    expects: "a nonempty text",
  }),
  maxTokens: z.number().int().min(1).max(100_000).default(256).meta({
    description: "maximum number of tokens of a row's fields",
    value: "n",
    expects: "a whole number from 1 to 100000",
  }),
  out: z.string().min(1).optional().meta({
    description: "output file: .csv, .tsv, .jsonl, .json or .parquet (default: CSV on stdout)",
    value: "file",
    expects: "a path",
  }),
  precision: decoderPrecisionOption,
  threads: threadsOption,
  safeCsv: safeCsvOption,
  ...sourceOptions,
});

export type ExtractOptions = z.input<typeof extractOptionsSchema>;
