// An n-gram model as a writer: the last tokens of each text are all that it keeps.
import type { Decoder } from "../generate/index.js";
import type { NgramModel } from "./ngram-model.js";
import { distribution } from "./score-ngram.js";

/** Logits are logarithms of probabilities. */
export function ngramDecoder(model: NgramModel): Decoder {
  const { vocabSize, order } = model;
  let contexts: Int32Array[] = [];
  const lastOf = (ids: readonly number[]) => Int32Array.from(ids.slice(Math.max(0, ids.length - (order - 1))));

  async function logits(): Promise<Float32Array> {
    const rows = new Float32Array(contexts.length * vocabSize);
    for (const [row, context] of contexts.entries())
      rows.set(distribution(model, context).map(Math.log), row * vocabSize);
    return rows;
  }
  return {
    vocabSize,
    start(prompts) {
      // Shorter than order − 1: the text begins there, which the model knows.
      contexts = prompts.map((prompt) => lastOf([...prompt]));
      return logits();
    },
    step(tokens) {
      contexts = contexts.map((context, row) => lastOf([...context, tokens[row]]));
      return logits();
    },
    reorder(parents) {
      contexts = parents.map((parent) => contexts[parent]);
    },
    async close() {},
  };
}
