// Options of training a small model on what a large one answers, defined once.
import { z } from "zod";
import { wordNetworkNames } from "../../networks/index.js";
import { modelTextOption, overwriteOption, seedOption, sourceOptions, threadsOption } from "../options.js";

/** Families that start from nothing. */
export const studentNames = ["linear", ...wordNetworkNames] as const;

export const studentOptionsSchema = z.object({
  text: modelTextOption,
  to: z.enum(studentNames).default("linear").meta({ description: "family of the small model", value: "name" }),
  test: z.string().min(1).optional().meta({
    description: "labelled table on which the small model is compared with the large one",
    value: "path",
    expects: "a path",
  }),
  seed: seedOption,
  threads: threadsOption,
  out: z.string().min(1).default("student").meta({
    description: "output folder for the small model",
    value: "folder",
    expects: "a folder",
  }),
  overwrite: overwriteOption,
  ...sourceOptions,
});

export type StudentOptions = z.input<typeof studentOptionsSchema>;
