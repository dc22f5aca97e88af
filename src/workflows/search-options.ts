// Options of searching, defined once.
import { z } from "zod";
import { withOption } from "./embed-options.js";
import { seedOption, sourceOptions, textOption, threadsOption } from "./options.js";

export const searchOptionsSchema = z.object({
  text: textOption.optional().meta({
    description: "text column; not needed for an index",
    value: "column",
    expects: "a column name",
  }),
  top: z.number().int().min(1).max(1000).default(10).meta({
    description: "rows to show",
    value: "n",
    expects: "a whole number from 1 to 1000",
  }),
  exact: z.boolean().default(false).meta({ description: "compare all rows, even if the index is approximate" }),
  with: withOption,
  seed: seedOption,
  threads: threadsOption,
  ...sourceOptions,
});

export type SearchOptions = z.input<typeof searchOptionsSchema>;
