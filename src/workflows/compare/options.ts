// Options of comparing models, defined once.
import { z } from "zod";
import { groupOption, modelTextOption, seedOption, sourceOptions, threadsOption } from "../options.js";

export const compareOptionsSchema = z.object({
  metric: z.string().min(1).optional().meta({
    description: "figure to compare by, such as macro-f1 (default: accuracy, micro-f1 or mae)",
    value: "name",
    expects: "the name of a figure",
  }),
  text: modelTextOption,
  label: z.string().min(1).optional().meta({
    description: "column with the true labels (default: the models')",
    value: "column",
    expects: "a column name",
  }),
  group: groupOption,
  out: z.string().min(1).optional().meta({
    description: "write the comparison as an HTML page too",
    value: "file",
    expects: "a path",
  }),
  seed: seedOption,
  threads: threadsOption,
  ...sourceOptions,
});

export type CompareOptions = z.input<typeof compareOptionsSchema>;
