// Options of searching, defined once.
import { z } from "zod";
import { precisionOption, withOption } from "../embed/options.js";
import { ignoreOption, safeCsvOption, seedOption, sourceOptions, textOption, threadsOption } from "../options.js";

export const searchOptionsSchema = z.object({
  text: textOption.optional().meta({
    description: "text column; not needed for an index",
    value: "column",
    expects: "a column name",
  }),
  top: z.number().int().min(1).max(1000).default(10).meta({
    description: "rows to show",
    value: "n",
    expects: "a whole number from 1 to 1000",
  }),
  exact: z.boolean().default(false).meta({ description: "compare all rows, even if the index is approximate" }),
  full: z.boolean().default(false).meta({ description: "print whole texts" }),
  with: withOption,
  precision: precisionOption,
  ignore: ignoreOption,
  out: z.string().min(1).optional().meta({
    description:
      "file for the hits: question, rank, score and the row's columns; .csv, .tsv, .jsonl, .json or .parquet",
    value: "file",
    expects: "a path",
  }),
  seed: seedOption,
  threads: threadsOption,
  safeCsv: safeCsvOption,
  ...sourceOptions,
});

export type SearchOptions = z.input<typeof searchOptionsSchema>;
