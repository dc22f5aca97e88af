// Options of predicting, defined once.
import { z } from "zod";
import { option } from "../../base/option.js";
import {
  byOption,
  decoderPrecisionOption,
  modelTextOption,
  safeCsvOption,
  sourceOptions,
  threadsOption,
} from "../options.js";

export const predictOptionsSchema = z.object({
  text: modelTextOption,
  out: z.string().min(1).optional().meta({
    description: "output file: .csv, .tsv, .jsonl, .json or .parquet (default: CSV on stdout)",
    value: "file",
    expects: "a path",
  }),
  probabilities: z
    .boolean()
    .default(false)
    .meta({ description: "add the probability of each label, or the 90 % interval of a number" }),
  threshold: z
    .string()
    .regex(/^(chosen|[01]|[01]?\.\d+|1\.0*)$/)
    .optional()
    .meta({
      description: "leave rows below this probability without an answer, or decide as was chosen (chosen)",
      value: "value",
      expects: "a probability from 0 to 1, or chosen",
    }),
  outOfFold: z
    .boolean()
    .default(false)
    .meta({
      description: `answer rows of the training by models that did not see them (needs training with ${option("folds")})`,
    }),
  by: byOption,
  precision: decoderPrecisionOption,
  threads: threadsOption,
  safeCsv: safeCsvOption,
  ...sourceOptions,
});

export type PredictTableOptions = z.input<typeof predictOptionsSchema>;
