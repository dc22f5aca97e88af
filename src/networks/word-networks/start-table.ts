// The table of embeddings that a network starts from when vectors of words are given.
import { vectorOf, type WordVectors } from "../../embeddings/index.js";
import { initialValues } from "../../nn/index.js";
import { hasUnspacedScript } from "../../text/segment-words.js";
import { words as splitWords } from "../../text/words.js";
import { wordTableName } from "./architectures.js";

/** As embedding() draws them: uniform. */
const range = 0.05;

/** Pieces of words and special tokens. */
const noWord = /^(##.+|\[[A-Z]+\])$/;

export interface StartTable {
  /** Row-major (tokens, vectors.dim). */
  table: Float32Array;
  /** Tokens that have a vector. */
  found: number;
}

/**
 * Tokens that are words have their vector, scaled by one factor for all so that numbers are as large as random ones would
 * be; an ideograph that is no word has the mean of the words that it stands in, since tokens of networks are single
 * ideographs. The others (pieces of words, punctuation, special tokens) have random ones.
 */
export function startTable(tokens: readonly string[], vectors: WordVectors, seed: number): StartTable {
  const { dim } = vectors;
  const table = initialValues({ uniform: range }, [tokens.length, dim], wordTableName, seed);
  let squares = 0;
  for (const value of vectors.vectors) squares += value * value;
  const deviation = Math.sqrt(squares / vectors.vectors.length);
  const scale = deviation > 0 ? range / Math.sqrt(3) / deviation : 1;
  const ofParts = vectors.segmented ? meansOfParts(vectors) : undefined;
  let found = 0;
  for (const [id, token] of tokens.entries()) {
    const isWord = vectors.tokens ? !noWord.test(token) : vectors.ids.has(token);
    const vector = isWord ? vectorOf(vectors, token) : ofParts?.get(token);
    if (!vector) continue;
    found++;
    for (let d = 0; d < dim; d++) table[id * dim + d] = scale * vector[d];
  }
  return { table, found };
}

/** For each ideograph the mean of the vectors of the longer words that hold it, a frequent word counting for more. */
function meansOfParts(vectors: WordVectors): Map<string, Float32Array> {
  const { dim, counts } = vectors;
  const sums = new Map<string, { sum: Float32Array; weight: number }>();
  for (const [id, word] of vectors.words.entries()) {
    if (!hasUnspacedScript(word)) continue;
    const parts = new Set(splitWords(word, false));
    if (parts.size < 2) continue;
    const weight = counts?.[id] ?? 1;
    for (const part of parts) {
      const own = sums.get(part) ?? { sum: new Float32Array(dim), weight: 0 };
      for (let d = 0; d < dim; d++) own.sum[d] += weight * vectors.vectors[id * dim + d];
      own.weight += weight;
      sums.set(part, own);
    }
  }
  return new Map([...sums].map(([part, { sum, weight }]) => [part, sum.map((value) => value / weight)]));
}
