// The n-gram model as a family of language models.
import { ngramFromTensors } from "../../../ngram/index.js";
import type { LanguageModelFamily } from "../language-model.js";
import { ngramLanguageModel } from "../ngram-model.js";
import { noPrecision } from "../no-precision.js";
import { trainNgramFamily } from "../training/train-ngram.js";

export const ngramFamily: LanguageModelFamily = {
  train: (tokens, settings, _, watch = {}) => trainNgramFamily(tokens, settings, watch),

  async load({ config, tensors }, tokenizer, { precision = "float32" }) {
    if (precision !== "float32") throw noPrecision("an n-gram model", precision);
    return ngramLanguageModel(ngramFromTensors(tensors, config), tokenizer);
  },
};
