// Options of turning texts into ids, defined once.
import { z } from "zod";
import { modelTextOption, sourceOptions, threadsOption } from "../options.js";

export const tokenizeOptionsSchema = z.object({
  text: modelTextOption,
  out: z.string().min(1).optional().meta({
    description: "output file: .jsonl, .json or .parquet (default: JSON Lines on stdout)",
    value: "file",
    expects: "a path",
  }),
  offsets: z.enum(["code-points", "utf-16"]).default("code-points").meta({
    description: "unit of the offsets, as in Python and SQL or as in JavaScript",
    value: "unit",
  }),
  threads: threadsOption,
  ...sourceOptions,
});

export type TokenizeOptions = z.input<typeof tokenizeOptionsSchema>;
