// Options of measuring a language model on texts, defined once.
import { z } from "zod";
import { decoderPrecisionOption, modelTextOption, sourceOptions, threadsOption } from "../options.js";

export const perplexityOptionsSchema = z.object({
  text: modelTextOption,
  mix: z.string().min(1).optional().meta({
    description: "a second language model, to mix their probabilities",
    value: "lm",
    expects: "a model folder",
  }),
  fit: z.string().min(1).optional().meta({
    description: "text to fit the mixture weight on (default: cross-fitted on the two halves)",
    value: "table",
    expects: "a path",
  }),
  precision: decoderPrecisionOption,
  threads: threadsOption,
  ...sourceOptions,
});

export type PerplexityOptions = z.input<typeof perplexityOptionsSchema>;
