// Options of making vectors of rows, defined once.
import { z } from "zod";
import { safeCsvOption, seedOption, sourceOptions, textOption, threadsOption } from "../options.js";

export const withOption = z.string().min(1).optional().meta({
  description:
    "pretrained encoder (columnist models), word vectors, or the folder of a model (default: words learned from the table)",
  value: "model",
  expects: "a path, or the id of a model in the cache",
});

export const precisionOption = z.enum(["float32", "int8", "auto"]).optional().meta({
  description:
    "of a pretrained encoder; auto takes int8 if it changes the vectors little (default: that of its folder)",
  value: "type",
});

export const embedOptionsSchema = z.object({
  text: textOption,
  with: withOption,
  precision: precisionOption,
  out: z.string().min(1).meta({
    description: "output file for the table with its vectors: .parquet, or .jsonl, .json, .csv, .tsv",
    value: "file",
    expects: "a path",
  }),
  seed: seedOption,
  threads: threadsOption,
  safeCsv: safeCsvOption,
  ...sourceOptions,
});

export type EmbedOptions = z.input<typeof embedOptionsSchema>;
