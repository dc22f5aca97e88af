// Options that several workflows share. `expects` says in words what a value must be; `value` stands for it in help.
import { z } from "zod";

export const seedOption = z.number().int().min(0).max(4294967295).default(0).meta({
  description: "random seed; the same seed gives the same result",
  value: "n",
  expects: "a whole number from 0 to 4294967295",
});

export const threadsOption = z.number().int().min(1).max(256).optional().meta({
  description: "threads to use (default: one per core)",
  value: "n",
  expects: "a whole number from 1 to 256",
});

export const textOption = z.array(z.string().min(1)).min(1).meta({
  description: "text column; repeat it to join several",
  value: "column",
  expects: "a column name",
});

export const overwriteOption = z.boolean().default(false).meta({
  description: "replace a finished result of another table or other columns",
});

export const resumeOption = z.boolean().default(false).meta({
  description: "resume the unfinished run in the folder",
});

/** What `compileIgnore` takes. */
export const ignoreOption = z.string().min(1).optional().meta({
  description: "regular expression of what to ignore in texts, such as '@\\w+' or 'https?:\\S+'",
  value: "pattern",
  expects: "a regular expression",
});

/** For models that know the columns that they were trained on. */
export const modelTextOption = textOption.optional().meta({
  description: "text column; repeat it to join several (default: the model's)",
  value: "column",
  expects: "a column name",
});

export const byOption = z.string().min(1).optional().meta({
  description: "column to group by: figures for each value",
  value: "column",
  expects: "a column name",
});

export const groupOption = z.string().min(1).optional().meta({
  description: "column of what rows have in common (customer, thread): intervals over its values, not over single rows",
  value: "column",
  expects: "a column name",
});

/** Of every command that writes the user's table. */
export const safeCsvOption = z.boolean().default(false).meta({
  description: "in CSV, put ' before texts that a spreadsheet would run as a formula",
});

/** Of the weights of a language model's products. */
export const decoderPrecisionOption = z.enum(["float32", "int8", "int4"]).optional().meta({
  description: "bits of a decoder's weights: float32, int8 or int4 (default: its file's)",
});

/** Which rows of a source are meant. */
export const sourceOptions = {
  table: z.string().min(1).optional().meta({ description: "table of a DuckDB file", value: "name", expects: "a name" }),
  query: z.string().min(1).optional().meta({
    description: "SELECT on a DuckDB file, or on 'input' for any other file",
    value: "sql",
    expects: "a SELECT",
  }),
};
