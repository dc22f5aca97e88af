// The networks as families of language models: one description for both.

import type { LanguageModelFamily } from "../language-model.js";
import { networkLanguageModel, readNetwork } from "../network-model.js";
import { trainLanguageNetwork } from "../training/train-network.js";

export const languageNetworkFamily = (name: "transformer" | "lstm"): LanguageModelFamily => ({
  train: (tokens, settings, training, watch = {}) => trainLanguageNetwork(name, tokens, settings, training, watch),

  async load({ config, tensors }, tokenizer, options) {
    return networkLanguageModel(...readNetwork(config, tensors), tokenizer, options);
  },
});
