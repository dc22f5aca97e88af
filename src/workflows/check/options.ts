// Options of checking a table and its labels, defined once.
import { z } from "zod";
import { option } from "../../base/option.js";
import { safeCsvOption, seedOption, sourceOptions, textOption } from "../options.js";
import { trainOptionsSchema } from "../train/options.js";

const { label, task, separator, manyLabels } = trainOptionsSchema.shape;

export const checkOptionsSchema = z.object({
  text: textOption,
  label,
  task,
  separator,
  test: z.string().min(1).optional().meta({
    description: "test table, checked against the training table",
    value: "table",
    expects: "a path",
  }),
  html: z.string().min(1).optional().meta({
    description: "output file for a page with the findings",
    value: "file",
    expects: "a path",
  }),
  manyLabels,
  seed: seedOption,
  ...sourceOptions,
});

export type CheckOptions = z.input<typeof checkOptionsSchema>;
export type CheckSettings = z.output<typeof checkOptionsSchema>;

export const labelErrorsOptionsSchema = z.object({
  text: textOption,
  label,
  manyLabels,
  folds: z
    .number()
    .int()
    .min(2)
    .max(50)
    .optional()
    .meta({
      description: `with ${option("labelErrors")}: parts, each answered by a model of the others (default: 5)`,
      value: "n",
      expects: "a whole number from 2 to 50",
    }),
  out: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: `with ${option("labelErrors")}: output file for the suspicious rows, the worst first: .csv, .tsv, .jsonl, .json or .parquet`,
      value: "file",
      expects: "a path",
    }),
  clean: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: `with ${option("labelErrors")}: output file for the table without the suspicious rows`,
      value: "file",
      expects: "a path",
    }),
  suggest: z
    .boolean()
    .default(false)
    .meta({
      description: `with ${option("clean")}: keep all rows, with a column of suggested labels`,
    }),
  seed: seedOption,
  safeCsv: safeCsvOption,
  ...sourceOptions,
});

export type LabelErrorsOptions = z.input<typeof labelErrorsOptionsSchema>;
