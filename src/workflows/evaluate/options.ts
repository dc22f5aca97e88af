// Options of evaluating, defined once.
import { z } from "zod";
import { option } from "../../base/option.js";
import { decisionOptions } from "../decision-options.js";
import {
  byOption,
  decoderPrecisionOption,
  groupOption,
  modelTextOption,
  sourceOptions,
  threadsOption,
} from "../options.js";

export const evaluateOptionsSchema = z.object({
  text: modelTextOption,
  label: z.string().min(1).optional().meta({
    description: "column with the true labels (default: the model's)",
    value: "column",
    expects: "a column name",
  }),
  by: byOption,
  group: groupOption,
  slices: z.boolean().default(false).meta({
    description: "look for groups of rows where the model is worse: by columns, length, language, topics",
  }),
  ...decisionOptions,
  keep: z
    .boolean()
    .default(false)
    .meta({
      description: `keep the chosen threshold in the model folder, for predict ${option("threshold")} chosen`,
    }),
  precision: decoderPrecisionOption,
  threads: threadsOption,
  ...sourceOptions,
});

export type EvaluateTableOptions = z.input<typeof evaluateOptionsSchema>;
