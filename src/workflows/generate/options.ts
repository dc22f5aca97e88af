// Options of writing text with a language model, defined once.
import { z } from "zod";
import { option } from "../../base/option.js";
import { decoderPrecisionOption, threadsOption } from "../options.js";

const number = (description: string, expects: string) => ({ description, value: "n", expects });

export const generateOptionsSchema = z.object({
  prompt: z.string().default("").meta({
    description: "text to continue (default: start a new text)",
    value: "text",
    expects: "a text",
  }),
  chat: z.boolean().default(false).meta({
    description: "answer the prompt as a message; the default for models with a chat template",
  }),
  raw: z.boolean().default(false).meta({
    description: "continue the prompt as it is, whatever the model has learned",
  }),
  system: z.string().min(1).optional().meta({
    description: "what the model is told before the prompt, such as how to answer",
    value: "text",
    expects: "a nonempty text",
  }),
  maxTokens: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(100)
    .meta(number("maximum number of tokens", "a whole number from 1 to 1000000")),
  temperature: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .meta(
      number("above 1 more varied, below 1 safer, 0 most probable token only (default: 0.8)", "a number from 0 to 100"),
    ),
  topK: z
    .number()
    .int()
    .min(0)
    .optional()
    .meta(number("sample from the k most probable tokens (default: all)", "a whole number")),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .meta(
      number("sample from the fewest tokens with this total probability (default: 0.95)", "a number above 0, up to 1"),
    ),
  minP: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta(number("omit tokens less probable than this share of the best (default: 0)", "a number from 0 to 1")),
  repetitionPenalty: z
    .number()
    .min(0.1)
    .max(10)
    .default(1)
    .meta(number("above 1: repeat tokens less often", "a number from 0.1 to 10")),
  beams: z
    .number()
    .int()
    .min(1)
    .max(256)
    .default(1)
    .meta(number("beam search with this many beams", "a whole number from 1 to 256")),
  lengthPenalty: z
    .number()
    .min(-10)
    .max(10)
    .default(1)
    .meta(
      number(`with ${option("beams")}: above 1 favours longer texts, below 1 shorter ones`, "a number from -10 to 10"),
    ),
  stop: z.array(z.string().min(1)).default([]).meta({
    description: "stop before this text; repeatable",
    value: "text",
    expects: "a nonempty text",
  }),
  samples: z
    .number()
    .int()
    .min(1)
    .max(1024)
    .default(1)
    .meta(number("number of texts", "a whole number from 1 to 1024")),
  seed: z
    .number()
    .int()
    .min(0)
    .max(4294967295)
    .default(0)
    .meta(number("the same seed gives the same text", "a whole number from 0 to 4294967295")),
  regex: z.string().min(1).optional().meta({
    description: "generate only text that matches this regular expression",
    value: "pattern",
    expects: "a regular expression",
  }),
  choices: z.string().min(1).optional().meta({
    description: "generate one of these, separated by commas",
    value: "a,b,c",
    expects: "texts separated by commas",
  }),
  jsonSchema: z.string().min(1).optional().meta({
    description: "generate JSON that follows the schema in this file",
    value: "file",
    expects: "a path",
  }),
  precision: decoderPrecisionOption,
  threads: threadsOption,
});

export type GenerateTextOptions = z.input<typeof generateOptionsSchema>;
export type ResolvedGenerateOptions = z.output<typeof generateOptionsSchema>;
