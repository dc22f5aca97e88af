// The n-gram model as a language model.
import { UserError } from "../../base/errors.js";
import type { ModelFiles } from "../../folders/model-files.js";
import { logProbabilities, type NgramModel, ngramCounts, ngramDecoder, ngramToTensors } from "../../ngram/index.js";
import type { Tokenizer } from "../../text/tokenizers/index.js";
import type { LanguageModel } from "./language-model.js";

/** @throws UserError when the tokenizer's ids differ from those of training */
export function ngramLanguageModel(model: NgramModel, tokenizer: Tokenizer): LanguageModel {
  if (tokenizer.vocabSize !== model.vocabSize)
    throw new UserError(
      `the tokenizer has ${tokenizer.vocabSize} tokens, but the model has ${model.vocabSize}: they belong to different models`,
    );
  return {
    family: "ngram",
    tokenizer,
    vocabSize: model.vocabSize,
    parameters: ngramCounts(model).reduce((sum, count) => sum + count, 0),
    contextLength: model.order - 1,
    logProbabilities: async (batch) => batch.map((ids) => Float32Array.from(logProbabilities(model, ids))),
    openDecoder: async () => ngramDecoder(model),
    async close() {},
  };
}

/** What a model folder stores of it. */
export function ngramFiles(model: NgramModel, tokenizer: Tokenizer): ModelFiles {
  return { ...ngramToTensors(model), tokenizer: tokenizer.toJson() };
}
