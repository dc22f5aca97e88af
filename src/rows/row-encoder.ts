// From texts to vectors of rows: the one thing that embed, index, search, topics and duplicates need.

import { UserError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { isVectorsFolder, readWordVectors } from "../embeddings/index.js";
import { isModelFolder, taskOf } from "../models/folder/index.js";
import { readPretrainedNetwork } from "../models/language-model/index.js";
import { encoderOnnx } from "../models/language-model/network/index.js";
import { readModelFolder } from "../models/text-classifier/index.js";
import { openNetwork } from "../models/text-classifier/network/index.js";
import { learnWordVectors } from "./learn-words.js";
import { encodeRows, fitSif, type Sif } from "./sif.js";

export interface RowEncoder {
  /** Numbers of a vector. */
  dim: number;
  /** For people: what makes the vectors. */
  description: string;
  /** Unit vectors (texts, dim); rows that say nothing to the encoder have zeros and are not `known`. */
  encode(texts: readonly string[]): Promise<{ vectors: Float32Array; known: Uint8Array }>;
  /** What an index keeps of it. */
  source: { kind: "words"; sif: Sif } | { kind: "model"; folder: string };
  close(): Promise<void>;
}

export interface RowEncoderOptions {
  /** Word vectors (folder or file) or the folder of a trained network; without it words are learned from the texts. */
  with?: string;
  seed: number;
  threads: number;
}

/**
 * @param texts - the table's texts: the words' vectors are learned from them where none are given, and in any case the
 * common direction of the rows.
 * @throws UserError when `with` names nothing that can encode rows
 * @example
 * const encoder = await openRowEncoder(texts, { seed: 0, threads: 2 });
 * const { vectors } = await encoder.encode(texts);
 */
export async function openRowEncoder(
  texts: readonly string[],
  options: RowEncoderOptions,
  watch: Watch = {},
): Promise<RowEncoder> {
  const path = options.with;
  if (path === undefined) {
    const words = await learnWordVectors(texts, { seed: options.seed, threads: options.threads }, watch);
    return sifEncoder(fitSif(words, texts), `${words.words.length} words learned from the table`);
  }
  if (isModelFolder(path) && !isVectorsFolder(path)) return modelEncoder(path, options.threads);
  watch.onProgress?.({ stage: "reading vectors", done: 0, total: 1 });
  const words = await readWordVectors(path);
  return sifEncoder(fitSif(words, texts), `${words.words.length} words of ${path}`);
}

/** Rows as SIF has them. */
export function sifEncoder(sif: Sif, description: string): RowEncoder {
  return {
    dim: sif.words.dim,
    description,
    encode: async (texts) => encodeRows(sif, texts),
    source: { kind: "words", sif },
    async close() {},
  };
}

/** Rows as a trained network sees them: a classifier just before its last layer, a language model in its last states. */
export async function modelEncoder(folder: string, threads: number): Promise<RowEncoder> {
  const { dim, encode, description, close } =
    taskOf(folder) === "language-model" ? await languageModel(folder, threads) : await classifier(folder, threads);
  return {
    dim,
    description,
    encode: async (texts) => unitRows(await encode(texts), texts.length, dim),
    source: { kind: "model", folder },
    close,
  };
}

interface TextEncoder {
  dim: number;
  description: string;
  encode(texts: readonly string[]): Promise<Float32Array>;
  close(): Promise<void>;
}

async function classifier(folder: string, threads: number): Promise<TextEncoder> {
  const { classifier, facts } = await readModelFolder(folder, { threads });
  const { encoder } = classifier;
  if (!encoder) {
    await classifier.close();
    throw new UserError(
      `The model '${folder}' is ${facts.family}: it has no vectors of rows. Give one of a network (train --model cnn), ` +
        "or word vectors.",
    );
  }
  const { dim, encode } = encoder;
  return { dim, encode, description: `the ${facts.family} of ${folder}`, close: () => classifier.close() };
}

/** Tokens of a text that a language model without a bound of its own reads. */
const longestText = 512;

async function languageModel(folder: string, threads: number): Promise<TextEncoder> {
  const { shape, weights, tokenizer } = await readPretrainedNetwork(folder);
  const scorer = await openNetwork(encoderOnnx(shape, weights), shape.width, threads, "features");
  const longest = shape.family === "transformer" ? shape.contextLength : longestText;
  return {
    dim: shape.width,
    description: `the language model ${folder}`,
    // A text of no token has the zeros of a mean over nothing.
    encode: (texts) => scorer.score(texts.map((text) => tokenizer.encode(text).subarray(0, longest))),
    close: () => scorer.close(),
  };
}

function unitRows(vectors: Float32Array, rows: number, dim: number) {
  const known = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let d = 0; d < dim; d++) square += vectors[row * dim + d] ** 2;
    if (square < 1e-18) continue;
    const scale = 1 / Math.sqrt(square);
    for (let d = 0; d < dim; d++) vectors[row * dim + d] *= scale;
    known[row] = 1;
  }
  return { vectors, known };
}
