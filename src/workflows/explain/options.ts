// Options of explaining, defined once.
import { z } from "zod";
import { methodNames } from "../../explain/index.js";
import { modelTextOption, safeCsvOption, seedOption, sourceOptions, threadsOption } from "../options.js";

export const explainOptionsSchema = z.object({
  method: z
    .enum(["auto", ...methodNames])
    .default("auto")
    .meta({ description: `how: auto, ${methodNames.join(", ")}` }),
  label: z.string().min(1).optional().meta({
    description: "label to explain (default: the predicted one)",
    value: "name",
    expects: "a label",
  }),
  against: z.string().min(1).optional().meta({
    description: "why not this label: explain the lead on it",
    value: "name",
    expects: "a label",
  }),
  text: modelTextOption,
  out: z.string().min(1).optional().meta({
    description: "of a table: output file, .csv, .tsv, .jsonl, .json or .parquet (default: CSV on stdout)",
    value: "file",
    expects: "a path",
  }),
  html: z.string().min(1).optional().meta({
    description: "page with the coloured texts, to read offline",
    value: "file",
    expects: "a path",
  }),
  global: z
    .boolean()
    .default(false)
    .meta({ description: "of a table: the words and phrases that drive each label over all rows" }),
  change: z.boolean().default(false).meta({
    description: "of a text: the fewest words without which the answer is another",
  }),
  nearest: z.string().min(1).optional().meta({
    description: "of a text: rows of this training table that are most like it to the model",
    value: "table",
    expects: "a table",
  }),
  steps: z.number().int().min(1).max(10_000).optional().meta({
    description: "points of integrated gradients (default: as many as it takes)",
    value: "n",
    expects: "a whole number from 1 to 10000",
  }),
  seed: seedOption,
  threads: threadsOption,
  safeCsv: safeCsvOption,
  ...sourceOptions,
});

export type ExplainOptions = z.input<typeof explainOptionsSchema>;
export type ExplainSettings = z.output<typeof explainOptionsSchema>;
