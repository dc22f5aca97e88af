// Options of sorting texts without training, defined once.
import { z } from "zod";
import { sourceOptions, textOption, threadsOption } from "../options.js";

export const classifyOptionsSchema = z.object({
  text: textOption,
  labels: z.string().min(1).meta({
    description: "labels, divided by commas, or a table of them with the columns name and description",
    value: "list",
    expects: "labels divided by commas, or a path",
  }),
  with: z.string().min(1).optional().meta({
    description: "encoder or decoder (columnist models), or word vectors (default: the encoder in the cache)",
    value: "model",
    expects: "a path, or the id of a model in the cache",
  }),
  system: z.string().min(1).optional().meta({
    description: "what a decoder is told before each text (default: to name its label)",
    value: "text",
    expects: "a nonempty text",
  }),
  precision: z.enum(["float32", "int8", "int4", "auto"]).optional().meta({
    description: "of the model's weights; an encoder knows no int4, a decoder no auto (default: that of its files)",
    value: "type",
  }),
  threshold: z.number().min(-1).max(1).optional().meta({
    description: "leave rows empty whose best label has a lower score",
    value: "x",
    expects: "a number from -1 to 1",
  }),
  out: z.string().min(1).optional().meta({
    description: "output file: .csv, .tsv, .jsonl, .json or .parquet (default: CSV on stdout)",
    value: "file",
    expects: "a path",
  }),
  threads: threadsOption,
  ...sourceOptions,
});

export type ClassifyOptions = z.input<typeof classifyOptionsSchema>;
