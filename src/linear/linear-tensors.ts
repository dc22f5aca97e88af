// The linear model as named arrays and plain options, and back. Knows no file format.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import type { NamedArray } from "../formats/safetensors.js";
import type { LinearModel } from "./linear-model.js";
import { ngramTableOf } from "./ngram-table.js";

/** The part that is not an array; plain JSON. The bounds keep a stranger's file from asking for more than it brings. */
const configSchema = z
  .object({
    kind: z.literal("linear"),
    version: z.literal(1),
    classes: z.number().int().min(1).max(1e6),
    wordFeatures: z.number().int().min(0),
    features: z
      .number()
      .int()
      .min(0)
      .max(2 ** 30),
    slope: z.number(),
    textLimit: z.number().int().min(1),
    wordNgrams: z.number().int().min(1).max(4),
    minCharacters: z.number().int().min(1).max(8),
    maxCharacters: z.number().int().min(0).max(8),
    /** Older models do not say it. */
    segmented: z.boolean().default(false),
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
  const { vectorizer, classes, columns, calibration, textLimit } = model;
  const { words, characters, wordFeatures, features, range, idf } = vectorizer;
  const hashes = new Int32Array(2 * features);
  hashes.set(words.hashes.subarray(0, 2 * wordFeatures));
  hashes.set(characters.hashes.subarray(0, 2 * (features - wordFeatures)), 2 * wordFeatures);
  return {
    tensors: new Map<string, NamedArray>([
      ["ngrams.hash", { shape: [features, 2], data: hashes }],
      ["ngrams.idf", { shape: [features], data: idf }],
      ["linear.weight", { shape: [features, columns], data: model.weights }],
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
  const parsed = configSchema.safeParse(config);
  if (!parsed.success)
    throw new UserError(
      `this version of columnist cannot read this linear model (${z.prettifyError(parsed.error)}); ` +
        "update columnist or train again",
    );
  const { classes, wordFeatures, features, slope, textLimit, wordNgrams, minCharacters, maxCharacters, segmented } =
    parsed.data;
  const columns = classes === 2 ? 1 : classes;
  const floats = (name: string, length: number) => arrayOf(tensors, name, length, Float32Array);
  const hashes = arrayOf(tensors, "ngrams.hash", 2 * features, Int32Array);
  return {
    classes,
    columns,
    vectorizer: {
      range: { wordNgrams, minCharacters, maxCharacters, segmented },
      wordFeatures,
      features,
      words: ngramTableOf(hashes.subarray(0, 2 * wordFeatures)),
      characters: ngramTableOf(hashes.subarray(2 * wordFeatures)),
      idf: floats("ngrams.idf", features),
    },
    weights: floats("linear.weight", features * columns),
    bias: floats("linear.bias", columns),
    calibration: { slope, offsets: floats("calibration.offset", classes) },
    prior: floats("prior", classes),
    textLimit,
  };
}

function arrayOf<T extends Float32Array | Int32Array>(
  tensors: ReadonlyMap<string, NamedArray>,
  name: string,
  length: number,
  type: { new (length: number): T; name: string },
): T {
  const data = tensors.get(name)?.data;
  if (!(data instanceof type) || data.length !== length)
    throw new UserError(
      `the linear model needs '${name}' as a ${type.name} of ${length} values, ` +
        `but got ${data ? `a ${data.constructor.name} of ${data.length}` : "none"}; the model folder is damaged`,
    );
  return data;
}
