// Options of writing a model in fewer bits, defined once.
import { z } from "zod";

export const quantizeOptionsSchema = z.object({
  out: z.string().min(1).meta({
    description: "output folder for the model in fewer bits",
    value: "folder",
    expects: "a folder",
  }),
  bits: z.number().int().min(4).max(8).default(8).meta({
    description: "bits of a weight",
    value: "n",
    expects: "a whole number from 4 to 8",
  }),
  overwrite: z.boolean().default(false).meta({
    description: "replace a model in fewer bits that is in the folder",
  }),
});

export type QuantizeOptions = z.input<typeof quantizeOptionsSchema>;
