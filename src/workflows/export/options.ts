// Options of exporting a model for other programs, defined once.
import { z } from "zod";

export const exportOptionsSchema = z.object({
  to: z.enum(["huggingface"]).default("huggingface").meta({
    description: "layout: huggingface, for transformers and sentence-transformers",
    value: "name",
  }),
  out: z.string().min(1).meta({ description: "output folder", value: "folder", expects: "a folder" }),
  overwrite: z.boolean().default(false).meta({ description: "replace an earlier export" }),
});

export type ExportOptions = z.input<typeof exportOptionsSchema>;
