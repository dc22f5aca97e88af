// Options of pretraining, defined once.
import { z } from "zod";
import { option } from "../../base/option.js";
import { overwriteOption, resumeOption, seedOption, sourceOptions, threadsOption } from "../options.js";

const whole = (description: string, least = 1) =>
  z
    .number()
    .int()
    .min(least)
    .optional()
    .meta({ description, value: "n", expects: `a whole number from ${least}` });

const share = (description: string) =>
  z.number().min(0).lt(1).optional().meta({ description, value: "share", expects: "a number from 0 to below 1" });

export const pretrainOptionsSchema = z.object({
  text: z.array(z.string().min(1)).optional().meta({
    description: "text column; repeat it to join several; none for text files",
    value: "column",
    expects: "a column name",
  }),
  model: z
    .enum(["transformer", "lstm", "ngram"])
    .default("transformer")
    .meta({ description: "family of the model", value: "name" }),
  objective: z
    .enum(["next-token", "masked"])
    .default("next-token")
    .meta({ description: "prediction target, the next token or masked tokens", value: "name" }),
  arrangement: z
    .enum(["modern", "llama", "gpt2"])
    .default("modern")
    .meta({ description: "block architecture of the Transformer", value: "name" }),
  tokenizer: z.string().min(1).default("bpe").meta({
    description: "bpe, wordpiece, char, or a tokenizer.json",
    value: "name|file",
    expects: "bpe, wordpiece, char or a file",
  }),
  vocabSize: whole("vocabulary size (default: depends on the corpus)", 2),
  size: z
    .enum(["tiny", "small", "base"])
    .optional()
    .meta({ description: "size of the network (default: depends on the corpus)", value: "name" }),
  layers: whole(`number of layers (overrides ${option("size")})`),
  hidden: whole(`hidden width (overrides ${option("size")})`),
  heads: whole(`number of attention heads (overrides ${option("size")})`),
  context: whole(`context length in tokens (overrides ${option("size")})`, 2),
  order: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(5)
    .meta({ description: "ngram: length of the longest n-grams", value: "n", expects: "a whole number from 1 to 10" }),
  steps: whole("number of training steps"),
  epochs: z
    .number()
    .positive()
    .optional()
    .meta({
      description: `passes over the text, instead of ${option("steps")}`,
      value: "n",
      expects: "a number above 0",
    }),
  budget: z
    .string()
    .optional()
    .meta({
      description: `training time, such as 30m or 2h, instead of ${option("steps")}`,
      value: "time",
      expects: "a time such as 90s, 30m or 2h",
    }),
  batchTokens: whole("tokens per step (default: depends on the size)", 2),
  start: z.enum(["svd", "random"]).optional().meta({
    description: "initial token vectors (default: svd; random for small vocabularies)",
    value: "name",
  }),
  optimizer: z
    .enum(["muon", "adamw"])
    .default("muon")
    .meta({ description: "muon takes orthogonal steps for hidden matrices", value: "name" }),
  learningRate: z.number().positive().optional().meta({
    description: "largest learning rate (default: depends on optimizer and family)",
    value: "rate",
    expects: "a number above 0",
  }),
  dropout: share("dropout rate (default: 0, or 0.1 over several epochs)"),
  labelSmoothing: share("share of each target to spread over the vocabulary (default: 0)"),
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
