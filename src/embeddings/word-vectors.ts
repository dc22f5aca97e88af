// Vectors of words: what every method makes and every use reads. Plain data; knows no file and no method.

import { UserError } from "../base/errors.js";
import { firstNotFinite } from "../formats/finite.js";
import { ngramBuckets } from "./character-ngrams.js";
import { type TokenReader, tokensOfWord } from "./token-reader.js";

/** A vector for each word, in one array. Words are unique; trained vectors list the most frequent word first. */
export interface WordVectors {
  words: readonly string[];
  /** Maps a word to its row. */
  ids: ReadonlyMap<string, number>;
  dim: number;
  /** Row-major (words.length, dim). */
  vectors: Float32Array;
  /** How often each word occurred in training; absent if the file does not say. */
  counts?: Float64Array;
  /** Vectors of character n-grams, for words that are not in the vocabulary. */
  ngrams?: NgramVectors;
  /** Whether words are those of `segmentedWords` instead of `words`, in scripts without spaces. */
  segmented?: boolean;
  /**
   * Words are the tokens of this tokenizer, by their ids, and their vectors hold their weights: the vector of a text is the plain
   * mean of its tokens'.
   */
  tokens?: TokenReader;
}

/** Vectors looked up by word, wherever they are stored. */
export interface WordLookup {
  dim: number;
  /** Maps a word to its row. */
  ids: ReadonlyMap<string, number>;
  /** As in WordVectors. */
  segmented?: boolean;
  tokens?: TokenReader;
  /** As the function `vectorOf`. */
  vectorOf(word: string): Float32Array | undefined;
  /** The vector of a row. */
  vectorAt(row: number): Float32Array;
}

/** Skip-gram's character n-grams, found by hash. Source: Bojanowski et al. 2017, arXiv:1607.04606. */
export interface NgramVectors {
  minLength: number;
  maxLength: number;
  buckets: number;
  /** Row-major (buckets, dim). */
  vectors: Float32Array;
}

/**
 * Checks sizes and builds the index of words.
 *
 * @throws UserError when sizes do not match, a word occurs twice or a value is not finite
 * @example
 * const vectors = createWordVectors({ words: ["good", "bad"], dim: 2, vectors: new Float32Array([1, 0, -1, 0]) });
 * vectors.ids.get("bad"); // 1
 */
export function createWordVectors(parts: Omit<WordVectors, "ids">): WordVectors {
  const { words, dim, vectors, counts, ngrams, segmented, tokens } = parts;
  if (!Number.isInteger(dim) || dim < 1) throw new UserError(`Vectors need a whole number of dimensions, not ${dim}.`);
  if (vectors.length !== words.length * dim)
    throw new UserError(
      `${words.length} words of ${dim} dimensions need ${words.length * dim} numbers, not ${vectors.length}.`,
    );
  if (counts && counts.length !== words.length)
    throw new UserError(`There are ${words.length} words, but ${counts.length} counts.`);
  if (ngrams && ngrams.vectors.length !== ngrams.buckets * dim)
    throw new UserError(
      `${ngrams.buckets} n-gram buckets of ${dim} dimensions need ${ngrams.buckets * dim} numbers, not ${ngrams.vectors.length}.`,
    );
  if (tokens && tokens.tokenizer.vocabSize > words.length)
    throw new UserError(
      `The tokenizer gives ids up to ${tokens.tokenizer.vocabSize - 1}, but there are vectors for ${words.length} tokens: they ` +
        "belong to different models. Copy or download both again.",
    );
  const ids = new Map<string, number>();
  for (const [id, word] of words.entries()) ids.set(word, id);
  if (ids.size !== words.length) throw new UserError(`The word '${firstDouble(words)}' occurs more than once.`);
  checkFinite(vectors, (i) => `the vector of '${words[Math.floor(i / dim)]}'`);
  if (ngrams) checkFinite(ngrams.vectors, (i) => `n-gram vector ${Math.floor(i / dim)}`);
  return { words, ids, dim, vectors, counts, ngrams, segmented, tokens };
}

/**
 * The vector of a word: its row, or the mean of its tokens' or of its character n-grams' vectors, if available. Undefined for a
 * word that has none. A row is a live view: copy it before changing it.
 *
 * @example
 * vectorOf(vectors, "good"); // Float32Array [1, 0]
 */
export function vectorOf(all: WordVectors, word: string): Float32Array | undefined {
  const { ids, dim, ngrams, tokens } = all;
  if (tokens) return tokenMean(tokensOfWord(tokens, word), dim, (row) => rowOf(all, row));
  const id = ids.get(word);
  if (id !== undefined) return rowOf(all, id);
  return ngrams && ngramMean(word, ngrams, dim, (bucket) => ngrams.vectors.subarray(bucket * dim, (bucket + 1) * dim));
}

function rowOf({ dim, vectors }: WordVectors, row: number): Float32Array {
  return vectors.subarray(row * dim, (row + 1) * dim);
}

/** The mean of vectors; of one, itself. Undefined where there is none, or all are zero, as those of special tokens are. */
export function tokenMean(
  rows: ArrayLike<number>,
  dim: number,
  vectorAt: (row: number) => Float32Array,
): Float32Array | undefined {
  const mean = rows.length === 1 ? vectorAt(rows[0]) : new Float32Array(dim);
  if (rows.length > 1)
    for (let i = 0; i < rows.length; i++) {
      const vector = vectorAt(rows[i]);
      for (let d = 0; d < dim; d++) mean[d] += vector[d] / rows.length;
    }
  return mean.some((value) => value !== 0) ? mean : undefined;
}

/** The mean of a word's n-grams; undefined for a word that is too short to have one. */
export function ngramMean(
  word: string,
  ngrams: Omit<NgramVectors, "vectors">,
  dim: number,
  vectorOfBucket: (bucket: number) => Float32Array,
): Float32Array | undefined {
  const buckets = ngramBuckets(word, ngrams);
  if (buckets.length === 0) return undefined;
  const mean = new Float32Array(dim);
  for (const bucket of buckets) {
    const vector = vectorOfBucket(bucket);
    for (let d = 0; d < dim; d++) mean[d] += vector[d];
  }
  for (let d = 0; d < dim; d++) mean[d] /= buckets.length;
  return mean;
}

/** Vectors in memory, looked up by word. */
export function wordLookup(vectors: WordVectors): WordLookup {
  const { dim, ids, segmented, tokens } = vectors;
  const vectorAt = (row: number) => rowOf(vectors, row);
  return { dim, ids, segmented, tokens, vectorAt, vectorOf: (word) => vectorOf(vectors, word) };
}

/**
 * The probability of each word, for weights such as SIF's: its share of all counts; without counts, Zipf's law by rank
 * (files of vectors list the most frequent word first).
 */
export function wordProbabilities({ words, counts }: WordVectors): Float64Array {
  const weights = counts ?? Float64Array.from(words, (_, rank) => 1 / (rank + 2.7));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function firstDouble(words: readonly string[]): string {
  const seen = new Set<string>();
  for (const word of words) {
    if (seen.has(word)) return word;
    seen.add(word);
  }
  return "";
}

/** @throws UserError that names the owner of the first number that is none */
export function checkFinite(values: Float32Array, owner: (index: number) => string): void {
  const at = firstNotFinite(values);
  if (at >= 0)
    throw new UserError(`${owner(at)} contains ${values[at]}, which is not a finite number. Create the vectors again.`);
}
