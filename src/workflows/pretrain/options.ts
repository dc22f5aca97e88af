// Options of pretraining, defined once.
import { z } from "zod";
import { languageModelFamilyNames } from "../../tasks/language/families.js";
import { languageTrainingSchema } from "../../tasks/language/training/options.js";
import { overwriteOption, resumeOption, seedOption, sourceOptions, threadsOption } from "../options.js";

export const pretrainOptionsSchema = z.object({
  text: z.array(z.string().min(1)).optional().meta({
    description: "text column; repeat it to join several; none for text files",
    value: "column",
    expects: "a column name",
  }),
  model: z
    .enum(languageModelFamilyNames)
    .default("transformer")
    .meta({ description: "family of the model", value: "name" }),
  tokenizer: z.string().min(1).default("bpe").meta({
    description: "bpe, wordpiece, char, or a tokenizer.json",
    value: "name|file",
    expects: "bpe, wordpiece, char or a file",
  }),
  vocabSize: z.number().int().min(2).optional().meta({
    description: "vocabulary size (default: depends on the corpus)",
    value: "n",
    expects: "a whole number from 2",
  }),
  ...languageTrainingSchema.shape,
  validation: z.string().default("0.1").meta({
    description: "share of the texts to hold out, or a table",
    value: "share|table",
    expects: "a share such as 0.1, or a path",
  }),
  seed: seedOption,
  threads: threadsOption,
  out: z.string().min(1).default("lm").meta({
    description: "output folder for the model",
    value: "folder",
    expects: "a folder",
  }),
  overwrite: overwriteOption,
  resume: resumeOption,
  ...sourceOptions,
});

export type PretrainOptions = z.input<typeof pretrainOptionsSchema>;
export type PretrainSettings = z.output<typeof pretrainOptionsSchema>;
