// Options of scoring rows with a language model, defined once.
import { z } from "zod";
import { decoderPrecisionOption, modelTextOption, safeCsvOption, sourceOptions, threadsOption } from "../options.js";

export const scoreOptionsSchema = z.object({
  text: modelTextOption,
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

export type ScoreOptions = z.input<typeof scoreOptionsSchema>;
