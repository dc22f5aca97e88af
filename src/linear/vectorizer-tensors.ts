// The features of a linear model as named arrays and plain options, and back. Knows no weights and no file format.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import type { NamedArray } from "../formats/safetensors.js";
import { ngramTableOf } from "./ngram-table.js";
import type { Vectorizer } from "./vectorizer.js";

/** Plain JSON. The bounds keep a stranger's file from asking for more than it brings. */
export const vectorizerConfig = {
  wordFeatures: z.number().int().min(0),
  features: z
    .number()
    .int()
    .min(0)
    .max(2 ** 30),
  textLimit: z.number().int().min(1),
  wordNgrams: z.number().int().min(1).max(4),
  minCharacters: z.number().int().min(1).max(8),
  maxCharacters: z.number().int().min(0).max(8),
  /** Older models do not say it. */
  segmented: z.boolean().default(false),
};

/** For models that take vectors of the texts: numbers of a vector, and their weight. */
export const vectorsConfig = z
  .object({ dim: z.number().int().min(1).max(65536), weight: z.number().positive().max(1e6) })
  .optional();

type VectorizerConfig = z.output<z.ZodObject<typeof vectorizerConfig>>;

/** "ngrams.hash" of shape (features, 2), words first, and "ngrams.idf" of shape (features). */
export function vectorizerTensors({
  words,
  characters,
  wordFeatures,
  features,
  idf,
}: Vectorizer): [string, NamedArray][] {
  const hashes = new Int32Array(2 * features);
  hashes.set(words.hashes.subarray(0, 2 * wordFeatures));
  hashes.set(characters.hashes.subarray(0, 2 * (features - wordFeatures)), 2 * wordFeatures);
  return [
    ["ngrams.hash", { shape: [features, 2], data: hashes }],
    ["ngrams.idf", { shape: [features], data: idf }],
  ];
}

/** @throws UserError when an array is missing or has another shape */
export function vectorizerFromTensors(tensors: ReadonlyMap<string, NamedArray>, config: VectorizerConfig): Vectorizer {
  const { wordFeatures, features, wordNgrams, minCharacters, maxCharacters, segmented } = config;
  const hashes = arrayOf(tensors, "ngrams.hash", 2 * features, Int32Array);
  return {
    range: { wordNgrams, minCharacters, maxCharacters, segmented },
    wordFeatures,
    features,
    words: ngramTableOf(hashes.subarray(0, 2 * wordFeatures)),
    characters: ngramTableOf(hashes.subarray(2 * wordFeatures)),
    idf: arrayOf(tensors, "ngrams.idf", features, Float32Array),
  };
}

/** @throws UserError when the options are not those of such a model */
export function parseConfig<Schema extends z.ZodType>(schema: Schema, config: unknown): z.output<Schema> {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  throw new UserError(
    `this version of columnist cannot read this linear model (${z.prettifyError(parsed.error)}); ` +
      "update columnist or train again",
  );
}

/** @throws UserError when there is no such array */
export function arrayOf<T extends Float32Array | Int32Array>(
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
