// A linear model of sets of labels as named arrays and plain options, and back. Knows no file format.
import { z } from "zod";
import type { NamedArray } from "../formats/safetensors.js";
import type { MultilabelModel } from "./multilabel-model.js";
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
    kind: z.literal("one-vs-rest"),
    version: z.literal(1),
    labels: z.number().int().min(1).max(1e6),
    ...vectorizerConfig,
    vectors: vectorsConfig,
  })
  .refine(({ wordFeatures, features }) => wordFeatures <= features, "wordFeatures is more than features");
export type MultilabelConfig = z.output<typeof configSchema>;

export interface MultilabelTensors {
  tensors: Map<string, NamedArray>;
  config: MultilabelConfig;
}

/**
 * @example
 * const { tensors, config } = multilabelToTensors(model);
 * predictMultilabel(multilabelFromTensors(tensors, config), texts); // the same bits
 */
export function multilabelToTensors(model: MultilabelModel): MultilabelTensors {
  const { vectorizer, vectors, labels, weights, bias, calibration, prior, textLimit } = model;
  const { wordFeatures, features, range } = vectorizer;
  return {
    tensors: new Map<string, NamedArray>([
      ...vectorizerTensors(vectorizer),
      ["linear.weight", { shape: [features + (vectors?.dim ?? 0), labels], data: weights }],
      ["linear.bias", { shape: [labels], data: bias }],
      ["calibration.slope", { shape: [labels], data: calibration.slope }],
      ["calibration.offset", { shape: [labels], data: calibration.offset }],
      ["prior", { shape: [labels], data: prior }],
    ]),
    config: {
      kind: "one-vs-rest",
      version: 1,
      labels,
      wordFeatures,
      features,
      textLimit,
      ...range,
      ...(vectors && { vectors }),
    },
  };
}

/**
 * The model that `multilabelToTensors` took apart; checks every shape, so that a damaged file is refused.
 *
 * @param config what `multilabelToTensors` gave, as it came out of JSON
 * @throws UserError when the options are not those of such a model, or an array is missing or has another shape
 */
export function multilabelFromTensors(tensors: ReadonlyMap<string, NamedArray>, config: unknown): MultilabelModel {
  const parsed = parseConfig(configSchema, config);
  const { labels, features, vectors, textLimit } = parsed;
  const floats = (name: string, length: number) => arrayOf(tensors, name, length, Float32Array);
  return {
    labels,
    vectorizer: vectorizerFromTensors(tensors, parsed),
    ...(vectors && { vectors }),
    weights: floats("linear.weight", (features + (vectors?.dim ?? 0)) * labels),
    bias: floats("linear.bias", labels),
    calibration: { slope: floats("calibration.slope", labels), offset: floats("calibration.offset", labels) },
    prior: floats("prior", labels),
    textLimit,
  };
}
