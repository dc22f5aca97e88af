// The table of embeddings that a network starts from when vectors of words are given.
import { vectorOf, type WordVectors } from "../../../embeddings/index.js";
import { initialValues } from "../../../nn/index.js";
import { tableName } from "./architectures.js";

/** As embedding() draws them: uniform. */
const range = 0.05;

export interface StartTable {
  /** Row-major (tokens, vectors.dim). */
  table: Float32Array;
  /** Tokens that have a vector. */
  found: number;
}

/**
 * Tokens that are words have their vector, scaled by one factor for all so that numbers are as large as random ones would
 * be; the others (pieces of words, punctuation, special tokens) have random ones.
 */
export function startTable(tokens: readonly string[], vectors: WordVectors, seed: number): StartTable {
  const { dim } = vectors;
  const table = initialValues({ uniform: range }, [tokens.length, dim], tableName, seed);
  let squares = 0;
  for (const value of vectors.vectors) squares += value * value;
  const deviation = Math.sqrt(squares / vectors.vectors.length);
  const scale = deviation > 0 ? range / Math.sqrt(3) / deviation : 1;
  let found = 0;
  for (const [id, token] of tokens.entries()) {
    const vector = vectors.ids.has(token) ? vectorOf(vectors, token) : undefined;
    if (!vector) continue;
    found++;
    for (let d = 0; d < dim; d++) table[id * dim + d] = scale * vector[d];
  }
  return { table, found };
}
