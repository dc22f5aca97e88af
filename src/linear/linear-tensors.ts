// The linear model as named arrays and plain options, and back. Knows no file format.
import { z } from "zod";
import type { NamedArray } from "../formats/safetensors.js";
import type { LinearModel } from "./linear-model.js";
import {
  arrayOf,
  parseConfig,
  vectorizerConfig,
  vectorizerFromTensors,
  vectorizerTensors,
  vectorsConfig,
} from "./vectorizer-tensors.js";

/** The part that is not an array; plain JSON. The bounds keep a stranger's file from asking for more than it brings. */
const configSchema = z
  .object({
    kind: z.literal("linear"),
    version: z.literal(1),
    classes: z.number().int().min(1).max(1e6),
    ...vectorizerConfig,
    vectors: vectorsConfig,
    slope: z.number(),
  })
  .refine(({ wordFeatures, features }) => wordFeatures <= features, "wordFeatures is more than features");
export type LinearConfig = z.output<typeof configSchema>;

export interface LinearTensors {
  tensors: Map<string, NamedArray>;
  config: LinearConfig;
}

/**
 * @example
 * const { tensors, config } = linearToTensors(model);
 * predictLinear(linearFromTensors(tensors, config), texts); // the same bits
 */
export function linearToTensors(model: LinearModel): LinearTensors {
  const { vectorizer, vectors, classes, columns, calibration, textLimit } = model;
  const { wordFeatures, features, range } = vectorizer;
  return {
    tensors: new Map<string, NamedArray>([
      ...vectorizerTensors(vectorizer),
      ["linear.weight", { shape: [features + (vectors?.dim ?? 0), columns], data: model.weights }],
      ["linear.bias", { shape: [columns], data: model.bias }],
      ["calibration.offset", { shape: [classes], data: calibration.offsets }],
      ["prior", { shape: [classes], data: model.prior }],
    ]),
    config: {
      kind: "linear",
      version: 1,
      classes,
      wordFeatures,
      features,
      slope: calibration.slope,
      textLimit,
      ...range,
      ...(vectors && { vectors }),
    },
  };
}

/**
 * The model that `linearToTensors` took apart; checks every shape, so that a damaged file is refused.
 *
 * @param config what `linearToTensors` gave, as it came out of JSON
 * @throws UserError when the options are not those of a linear model, or an array is missing or has another shape
 */
export function linearFromTensors(tensors: ReadonlyMap<string, NamedArray>, config: unknown): LinearModel {
  const parsed = parseConfig(configSchema, config);
  const { classes, features, vectors, slope, textLimit } = parsed;
  const columns = classes === 2 ? 1 : classes;
  const floats = (name: string, length: number) => arrayOf(tensors, name, length, Float32Array);
  return {
    classes,
    columns,
    vectorizer: vectorizerFromTensors(tensors, parsed),
    ...(vectors && { vectors }),
    weights: floats("linear.weight", (features + (vectors?.dim ?? 0)) * columns),
    bias: floats("linear.bias", columns),
    calibration: { slope, offsets: floats("calibration.offset", classes) },
    prior: floats("prior", classes),
    textLimit,
  };
}
