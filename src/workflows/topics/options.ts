// Options of finding topics, defined once.
import { z } from "zod";
import { option } from "../../base/option.js";
import { precisionOption, withOption } from "../embed/options.js";
import { ignoreOption, safeCsvOption, seedOption, sourceOptions, textOption, threadsOption } from "../options.js";

export const topicsOptionsSchema = z.object({
  text: textOption,
  topics: z
    .string()
    .regex(/^(auto|[1-9]\d{0,3})$/)
    .default("auto")
    .meta({
      description: "number of topics, or auto",
      value: "n",
      expects: "auto or a whole number from 1 to 9999",
    }),
  with: withOption,
  precision: precisionOption,
  ignore: ignoreOption,
  by: z.string().min(1).optional().meta({
    description: "column to group by: share of each topic in every group",
    value: "column",
    expects: "a column name",
  }),
  out: z.string().min(1).optional().meta({
    description: "output file for the table with topics: .csv, .jsonl, .parquet …",
    value: "file",
    expects: "a path",
  }),
  map: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: `output file for the map (default: next to ${option("out")}, ending in .html)`,
      value: "file",
      expects: "a path",
    }),
  color: z.array(z.string().min(1)).optional().meta({
    description: "column to colour the map by; repeatable",
    value: "column",
    expects: "a column name",
  }),
  seed: seedOption,
  threads: threadsOption,
  safeCsv: safeCsvOption,
  ...sourceOptions,
});

export type TopicsOptions = z.input<typeof topicsOptionsSchema>;
