// Options of building an index, defined once.
import { z } from "zod";
import { precisionOption, withOption } from "../embed/options.js";
import { ignoreOption, overwriteOption, seedOption, sourceOptions, textOption, threadsOption } from "../options.js";

export const indexOptionsSchema = z.object({
  text: textOption,
  with: withOption,
  precision: precisionOption,
  ignore: ignoreOption,
  out: z.string().min(1).default("index").meta({
    description: "output folder for the index",
    value: "folder",
    expects: "a folder",
  }),
  overwrite: overwriteOption,
  seed: seedOption,
  threads: threadsOption,
  ...sourceOptions,
});

export type IndexOptions = z.input<typeof indexOptionsSchema>;
