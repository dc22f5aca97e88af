// Layers in a row, the way most models are written.
import { z } from "zod";
import { readOptions } from "../nn/index.js";
import { createModel, type Model } from "./model.js";
import { newState } from "./model-state.js";
import { planChain, type SequentialItem, splitInput } from "./sequential-plan.js";

export const sequentialSchema = z.strictObject({
  seed: z.int().nonnegative().default(0).describe("seed of the initial parameters, shuffling and dropout"),
});

export type SequentialOptions = z.input<typeof sequentialSchema>;

/**
 * A chain of layers. The first layer is an embedding, or input({ shape }) precedes the layers; without either,
 * the first call of fit sets the width.
 *
 * @example
 * const model = sequential([
 *   embedding({ vocabSize: 1000, embeddingDim: 16, inputLength: 20 }),
 *   globalAveragePooling(),
 *   dense({ units: 2, activation: "softmax" }),
 * ]);
 */
export function sequential(items: readonly SequentialItem[], given: SequentialOptions = {}): Model {
  const { seed } = readOptions("sequential", sequentialSchema, given);
  const { start, layers } = splitInput(items);
  if (!start) return createModel(newState(undefined, seed, layers));
  return createModel(newState(planChain(start, layers), seed));
}
