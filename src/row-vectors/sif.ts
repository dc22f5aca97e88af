// Vectors of rows from vectors of words: weighted means with their common direction removed.
// Source: Arora, Liang, Ma 2017, A simple but tough-to-beat baseline for sentence embeddings (SIF).
import { type WordLookup, type WordVectors, wordLookup, wordProbabilities } from "../embeddings/word-vectors.js";
import { hasUnspacedScript } from "../text/segment-words.js";
import { segmentedWords } from "../text/segmented-words.js";
import { words as splitWords } from "../text/words.js";

export interface Sif {
  words: WordLookup;
  /** a / (a + p(w)) for each word; shape (words). */
  weights: Float64Array;
  /** Unit vector u that every row loses: v − u(u·v); absent where it is kept. */
  common?: Float64Array;
}

/** The paper's a. */
const smoothing = 1e-3;
/** Rows that the common direction is learned from, spread over the table. */
const mostRows = 20_000;
/** Of fewer rows the common direction may be what a good part of them says: it stays. */
const fewestRows = 100;
/**
 * A direction is common where so many of the rows, at least, lie along it by a cosine of at least so much (in tables of real
 * text the hundredth part with the least have about 0.1). Otherwise it is what some rows are about, and would be lost to them.
 */
const common = { share: 0.98, cosine: 0.05 };

export interface SifOptions {
  /** Default true. False: every word weighs the same. */
  weighted?: boolean;
  /** Default true; from 100 rows on, and where nearly all rows have a direction in common. */
  removeCommon?: boolean;
}

/**
 * @param texts - rows to learn the common direction from.
 * @example
 * const sif = fitSif(vectors, texts);
 * encodeRows(sif, ["how do I top up?"]).vectors; // (1, vectors.dim), unit length
 */
export function fitSif(
  words: WordVectors,
  texts: readonly string[],
  { weighted = true, removeCommon = true }: SifOptions = {},
): Sif {
  const weights = wordProbabilities(words).map((p) => (weighted ? smoothing / (smoothing + p) : 1));
  const sif: Sif = { words: wordLookup(words), weights };
  if (!removeCommon || texts.length < fewestRows) return sif;
  const step = Math.max(1, Math.ceil(texts.length / mostRows));
  const { vectors, known } = encodeRows(
    sif,
    texts.filter((_, row) => row % step === 0),
  );
  const direction = firstDirection(vectors, words.dim);
  return isCommon(direction, vectors, known) ? { ...sif, common: direction } : sif;
}

/** Whether nearly all known rows lie along the direction, on the same side. */
function isCommon(direction: Float64Array, vectors: Float32Array, known: Uint8Array): boolean {
  const dim = direction.length;
  let [above, below, total] = [0, 0, 0];
  for (const [row, isKnown] of known.entries()) {
    if (!isKnown) continue;
    total++;
    let along = 0;
    for (let d = 0; d < dim; d++) along += vectors[row * dim + d] * direction[d];
    if (along >= common.cosine) above++;
    if (along <= -common.cosine) below++;
  }
  return Math.max(above, below) >= common.share * total;
}

/**
 * @returns vectors (texts, dim) of unit length; a row of no known word has only zeros and is not `known`
 */
export function encodeRows(
  { words, weights, common }: Sif,
  texts: readonly string[],
): { vectors: Float32Array; known: Uint8Array } {
  const { dim, ids, segmented } = words;
  const split = segmented ? segmentedWords : splitWords;
  const vectors = new Float32Array(texts.length * dim);
  const known = new Uint8Array(texts.length);
  const sum = new Float64Array(dim);
  for (const [row, text] of texts.entries()) {
    sum.fill(0);
    for (const written of split(text, false)) {
      if (add(written) || !segmented || !hasUnspacedScript(written)) continue;
      // Other vectors may have other words: those of its ideographs are better than none.
      for (const part of splitWords(written, false)) add(part);
    }
    if (common) {
      let along = 0;
      for (let d = 0; d < dim; d++) along += sum[d] * common[d];
      for (let d = 0; d < dim; d++) sum[d] -= along * common[d];
    }
    let square = 0;
    for (let d = 0; d < dim; d++) square += sum[d] * sum[d];
    if (square < 1e-18) continue;
    const scale = 1 / Math.sqrt(square);
    for (let d = 0; d < dim; d++) vectors[row * dim + d] = sum[d] * scale;
    known[row] = 1;
  }
  return { vectors, known };

  function add(written: string): boolean {
    const word = ids.has(written) ? written : written.toLowerCase();
    const vector = words.vectorOf(word);
    if (!vector) return false;
    const id = ids.get(word);
    const weight = id === undefined ? 1 : weights[id];
    for (let d = 0; d < dim; d++) sum[d] += weight * vector[d];
    return true;
  }
}

/** The first right singular vector of (rows, dim), by power iteration on XᵀX. */
function firstDirection(vectors: Float32Array, dim: number): Float64Array {
  const rows = vectors.length / dim;
  const gram = new Float64Array(dim * dim);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < dim; i++) {
      const value = vectors[row * dim + i];
      if (value !== 0) for (let j = 0; j <= i; j++) gram[i * dim + j] += value * vectors[row * dim + j];
    }
  let direction = new Float64Array(dim).fill(1 / Math.sqrt(dim));
  for (let iteration = 0; iteration < 100; iteration++) {
    const next = new Float64Array(dim);
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++) next[i] += gram[Math.max(i, j) * dim + Math.min(i, j)] * direction[j];
    const length = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    if (length === 0) return direction.fill(0);
    direction = next.map((value) => value / length);
  }
  return direction;
}
