// Options of evaluating, defined once.
import { z } from "zod";
import { byOption, decoderPrecisionOption, modelTextOption, sourceOptions, threadsOption } from "../options.js";

export const evaluateOptionsSchema = z.object({
  text: modelTextOption,
  label: z.string().min(1).optional().meta({
    description: "column with the true labels (default: the model's)",
    value: "column",
    expects: "a column name",
  }),
  by: byOption,
  precision: decoderPrecisionOption,
  threads: threadsOption,
  ...sourceOptions,
});

export type EvaluateTableOptions = z.input<typeof evaluateOptionsSchema>;
