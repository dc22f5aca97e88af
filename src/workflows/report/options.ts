// Options of a model's report, defined once.
import { z } from "zod";

export const reportOptionsSchema = z.object({
  out: z.string().min(1).optional().meta({
    description: "copy the page there instead of opening it",
    value: "file",
    expects: "a path",
  }),
});

export type ReportOptions = z.input<typeof reportOptionsSchema>;
