// Options of audits, defined once.
import { z } from "zod";
import { modelTextOption, seedOption, sourceOptions, threadsOption } from "../options.js";

export const auditOptionsSchema = z.object({
  group: z.array(z.string().min(1)).default([]).meta({
    description: "column of groups to compare; repeatable, two of them are combined too",
    value: "column",
    expects: "a column name",
  }),
  swap: z.array(z.string().min(1)).default([]).meta({
    description: "words to exchange: names, gender, religion, nationality, age or a list file; repeatable",
    value: "list",
    expects: "the name of a list or a path",
  }),
  positive: z.string().min(1).optional().meta({
    description: "label whose selection is looked at (default: all; of two the rarer one)",
    value: "label",
    expects: "a label",
  }),
  text: modelTextOption,
  label: z.string().min(1).optional().meta({
    description: "column with the true labels (default: the model's, if it is there)",
    value: "column",
    expects: "a column name",
  }),
  out: z.string().min(1).optional().meta({
    description: "write the audit as an HTML page too",
    value: "file",
    expects: "a path",
  }),
  seed: seedOption,
  threads: threadsOption,
  ...sourceOptions,
});

export type AuditOptions = z.input<typeof auditOptionsSchema>;
export type AuditSettings = z.output<typeof auditOptionsSchema>;
