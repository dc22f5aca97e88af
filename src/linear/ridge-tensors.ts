// A ridge regression as named arrays and plain options, and back. Knows no file format.
import { z } from "zod";
import type { NamedArray } from "../formats/safetensors.js";
import type { RidgeModel } from "./ridge-model.js";
import {
  arrayOf,
  parseConfig,
  vectorizerConfig,
  vectorizerFromTensors,
  vectorizerTensors,
  vectorsConfig,
} from "./vectorizer-tensors.js";

const configSchema = z
  .object({
    kind: z.literal("ridge"),
    version: z.literal(1),
    ...vectorizerConfig,
    vectors: vectorsConfig,
    bias: z.number(),
    unknown: z.number(),
    mean: z.number(),
    scale: z.number().positive(),
    least: z.number(),
    most: z.number(),
    penalty: z.number().positive(),
  })
  .refine(({ wordFeatures, features }) => wordFeatures <= features, "wordFeatures is more than features")
  .refine(({ least, most }) => least <= most, "least is more than most");
export type RidgeConfig = z.output<typeof configSchema>;

export interface RidgeTensors {
  tensors: Map<string, NamedArray>;
  config: RidgeConfig;
}

/**
 * @example
 * const { tensors, config } = ridgeToTensors(model);
 * predictRidge(ridgeFromTensors(tensors, config), texts); // the same bits
 */
export function ridgeToTensors(model: RidgeModel): RidgeTensors {
  const { vectorizer, vectors, weights, ...numbers } = model;
  const { wordFeatures, features, range } = vectorizer;
  return {
    tensors: new Map<string, NamedArray>([
      ...vectorizerTensors(vectorizer),
      ["linear.weight", { shape: [features + (vectors?.dim ?? 0), 1], data: weights }],
    ]),
    config: { kind: "ridge", version: 1, wordFeatures, features, ...numbers, ...range, ...(vectors && { vectors }) },
  };
}

/**
 * The model that `ridgeToTensors` took apart; checks every shape, so that a damaged file is refused.
 *
 * @param config what `ridgeToTensors` gave, as it came out of JSON
 * @throws UserError when the options are not those of a ridge regression, or an array is missing or has another shape
 */
export function ridgeFromTensors(tensors: ReadonlyMap<string, NamedArray>, config: unknown): RidgeModel {
  const parsed = parseConfig(configSchema, config);
  const { features, vectors, bias, unknown, mean, scale, least, most, penalty, textLimit } = parsed;
  return {
    vectorizer: vectorizerFromTensors(tensors, parsed),
    ...(vectors && { vectors }),
    weights: arrayOf(tensors, "linear.weight", features + (vectors?.dim ?? 0), Float32Array),
    bias,
    unknown,
    mean,
    scale,
    least,
    most,
    penalty,
    textLimit,
  };
}
