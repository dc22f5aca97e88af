// The words nearest to a sum of words. Knows no file.
import { UserError } from "../base/errors.js";
import { nearest } from "../base/suggest.js";
import { hasUnspacedScript } from "../text/segment-words.js";
import { segmentedWords } from "../text/segmented-words.js";
import { tokensOfWord } from "./token-reader.js";
import { vectorOf, type WordVectors } from "./word-vectors.js";

export interface SimilarWord {
  word: string;
  /** Cosine with the sum. */
  similarity: number;
}

export interface SimilarWordsOptions {
  /** Words whose vectors are subtracted: king and woman, minus man. */
  minus?: readonly string[];
  /** Number of words; default 10. */
  top?: number;
}

/**
 * The words whose vectors have the largest cosine with the sum of the words' unit vectors, those of `minus` subtracted; the
 * words themselves are omitted. Words outside the vocabulary are represented by their character n-grams, if available.
 *
 * Source: T. Mikolov, W. Yih, G. Zweig 2013, Linguistic Regularities in Continuous Space Word Representations.
 *
 * @throws UserError that names the words without a vector
 * @example
 * similarWords(vectors, ["king", "woman"], { minus: ["man"] })[0].word; // "queen"
 */
export function similarWords(
  vectors: WordVectors,
  plus: readonly string[],
  { minus = [], top = 10 }: SimilarWordsOptions = {},
): SimilarWord[] {
  const { words, dim } = vectors;
  const target = new Float64Array(dim);
  const given = [...plus, ...minus].map((word) => findWord(vectors, word));
  const missing = [...plus, ...minus].filter((_, i) => given[i] === undefined);
  if (missing.length > 0) throw missingWords(vectors, missing);
  for (const [i, found] of given.entries()) {
    const norm = normOf(found!.vector);
    if (norm === 0) continue;
    const sign = i < plus.length ? 1 : -1;
    for (let d = 0; d < dim; d++) target[d] += (sign * found!.vector[d]) / norm;
  }
  const excluded = new Set(given.map((found) => found!.word));
  const cosines = cosinesWith(vectors, target);
  const order = Array.from(words, (_, id) => id).filter((id) => !excluded.has(words[id]));
  order.sort((a, b) => cosines[b] - cosines[a] || a - b);
  return order.slice(0, top).map((id) => ({ word: words[id], similarity: cosines[id] }));
}

/** The vector of a word as it is written, failing that in small letters, failing that of its n-grams or tokens. */
export function findWord(vectors: WordVectors, word: string): { word: string; vector: Float32Array } | undefined {
  if (vectors.tokens) {
    const vector = vectorOf(vectors, word);
    const rows = tokensOfWord(vectors.tokens, word);
    return vector && { word: rows.length === 1 ? vectors.words[rows[0]] : word, vector };
  }
  for (const spelling of [word, word.toLowerCase()])
    if (vectors.ids.has(spelling)) return { word: spelling, vector: vectorOf(vectors, spelling)! };
  const vector = vectorOf(vectors, word.toLowerCase());
  return vector && { word: word.toLowerCase(), vector };
}

export function normOf(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < vector.length; d++) sum += vector[d] ** 2;
  return Math.sqrt(sum);
}

/** The cosine of every word's vector with `target`; 0 where one of them is zero. */
function cosinesWith({ words, dim, vectors }: WordVectors, target: Float64Array): Float64Array {
  const targetNorm = normOf(target);
  const cosines = new Float64Array(words.length);
  for (let id = 0; id < words.length; id++) {
    let product = 0;
    let squares = 0;
    for (let d = 0; d < dim; d++) {
      const value = vectors[id * dim + d];
      product += value * target[d];
      squares += value * value;
    }
    if (squares > 0 && targetNorm > 0) cosines[id] = product / (Math.sqrt(squares) * targetNorm);
  }
  return cosines;
}

/** Among so many of the most frequent words a near spelling is looked for. */
const suggestedAmong = 30_000;

function missingWords({ words, segmented }: WordVectors, missing: readonly string[]): UserError {
  const hints = missing.map((word) => {
    const parts = segmented ? segmentedWords(word) : [];
    if (parts.length > 1 && hasUnspacedScript(word)) return `'${word}' (split into the words ${parts.join(" ")})`;
    const near = nearest(word, words.slice(0, suggestedAmong));
    return near === undefined ? `'${word}'` : `'${word}' (did you mean '${near}'?)`;
  });
  return new UserError(
    `No vector for ${hints.join(", ")} among the ${words.length} words. Use words that occurred often enough in the texts.`,
  );
}
