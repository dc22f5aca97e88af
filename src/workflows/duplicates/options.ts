// Options of finding duplicates, defined once.
import { z } from "zod";
import { option } from "../../base/option.js";
import { precisionOption, withOption } from "../embed/options.js";
import { ignoreOption, safeCsvOption, seedOption, sourceOptions, textOption, threadsOption } from "../options.js";

export const duplicatesOptionsSchema = z.object({
  text: textOption,
  threshold: z.number().min(0.5).max(1).default(0.85).meta({
    description: "least similarity of near duplicates; 1 finds exact copies only",
    value: "share",
    expects: "a number from 0.5 to 1",
  }),
  meaning: z.number().min(0.5).max(1).optional().meta({
    description: "also match by meaning: least cosine of the vectors (try 0.95)",
    value: "share",
    expects: "a number from 0.5 to 1",
  }),
  with: withOption,
  precision: precisionOption,
  ignore: ignoreOption,
  out: z.string().min(1).optional().meta({
    description: "output file for the table with its new columns: .csv, .tsv, .jsonl, .json or .parquet",
    value: "file",
    expects: "a path",
  }),
  clean: z.string().min(1).optional().meta({
    description: "file for the table without its duplicates: .csv, .tsv, .jsonl, .json or .parquet",
    value: "file",
    expects: "a path",
  }),
  keep: z
    .enum(["first", "longest"])
    .optional()
    .meta({
      description: `row of each group to keep with ${option("clean")}, the first (default) or the one with the longest text`,
      value: "which",
    }),
  seed: seedOption,
  threads: threadsOption,
  safeCsv: safeCsvOption,
  ...sourceOptions,
});

export type DuplicatesOptions = z.input<typeof duplicatesOptionsSchema>;
