// How well vectors agree with people: similarity of pairs of words, and analogies.
import { UserError } from "../base/errors.js";
import { spearman } from "../metrics/index.js";
import { findWord, normOf } from "./similar-words.js";
import type { WordVectors } from "./word-vectors.js";

export interface WordPair {
  first: string;
  second: string;
  score: number;
}

export interface SimilarityScore {
  /** Spearman's correlation of cosines and scores, over the covered pairs; NaN if there are fewer than two. */
  spearman: number;
  pairs: number;
  /** Pairs for which both words have a vector. */
  covered: number;
}

/** @example scoreSimilarity(vectors, parsePairs(readFileSync("wordsim353.tsv", "utf8"), "wordsim353.tsv")).spearman; */
export function scoreSimilarity(vectors: WordVectors, pairs: readonly WordPair[]): SimilarityScore {
  const cosines: number[] = [];
  const scores: number[] = [];
  for (const { first, second, score } of pairs) {
    const [a, b] = [findWord(vectors, first), findWord(vectors, second)];
    if (!a || !b) continue;
    cosines.push(cosine(a.vector, b.vector));
    scores.push(score);
  }
  return { spearman: spearman(cosines, scores), pairs: pairs.length, covered: cosines.length };
}

export interface AnalogyScore {
  /** Share of the covered questions whose fourth word is the nearest. */
  accuracy: number;
  right: number;
  questions: number;
  covered: number;
}

/** Candidates are the most frequent words, as is usual: rarer ones are hardly ever meant. */
const candidates = 30_000;

/**
 * a is to b as c is to d: correct when d is nearest to b - a + c among the 30,000 most frequent words, excluding the other three.
 *
 * Source: T. Mikolov et al. 2013, arXiv:1301.3781.
 */
export function scoreAnalogies(
  vectors: WordVectors,
  questions: readonly (readonly string[])[],
  onDone?: (done: number) => void,
): AnalogyScore {
  const { dim, words } = vectors;
  const count = Math.min(candidates, words.length);
  const units = new Float32Array(count * dim);
  for (let id = 0; id < count; id++) {
    const row = vectors.vectors.subarray(id * dim, (id + 1) * dim);
    const norm = normOf(row) || 1;
    for (let d = 0; d < dim; d++) units[id * dim + d] = row[d] / norm;
  }
  let right = 0;
  let covered = 0;
  const target = new Float32Array(dim);
  for (const [i, question] of questions.entries()) {
    onDone?.(i);
    const ids = question.map((word) => vectors.ids.get(word) ?? vectors.ids.get(word.toLowerCase()) ?? -1);
    if (ids.some((id) => id < 0 || id >= count)) continue;
    covered++;
    const [a, b, c, wanted] = ids;
    for (let d = 0; d < dim; d++) target[d] = units[b * dim + d] - units[a * dim + d] + units[c * dim + d];
    let best = -1;
    let bestProduct = Number.NEGATIVE_INFINITY;
    for (let id = 0; id < count; id++) {
      if (id === a || id === b || id === c) continue;
      let product = 0;
      for (let d = 0; d < dim; d++) product += units[id * dim + d] * target[d];
      if (product > bestProduct) [best, bestProduct] = [id, product];
    }
    if (best === wanted) right++;
  }
  return { accuracy: right / covered, right, questions: questions.length, covered };
}

/**
 * Lines "word word score", separated by tabs, commas, semicolons or spaces. A first line without a number is a header;
 * empty lines and lines that start with # are skipped.
 *
 * @throws UserError that gives the line
 */
export function parsePairs(text: string, name: string): WordPair[] {
  const pairs: WordPair[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [first, second, score, ...rest] = line.trim().split(/[\t,;]|[ ]+/);
    if (first && second && score !== undefined && score !== "" && Number.isFinite(Number(score)) && rest.length === 0)
      pairs.push({ first, second, score: Number(score) });
    else if (i > 0)
      throw new UserError(`${name}, line ${i + 1}: expected two words and a number, not '${line.slice(0, 60)}'.`);
  }
  if (pairs.length === 0) throw new UserError(`${name} has no word pairs: each line needs two words and a number.`);
  return pairs;
}

/**
 * Lines of four words; lines that start with ":" are section titles and are skipped.
 *
 * @throws UserError that gives the line
 */
export function parseAnalogies(text: string, name: string): string[][] {
  const questions: string[][] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*([:#]|$)/.test(line)) continue;
    const words = line.trim().split(/\s+/);
    if (words.length !== 4)
      throw new UserError(`${name}, line ${i + 1}: expected four words, not '${line.slice(0, 60)}'.`);
    questions.push(words);
  }
  if (questions.length === 0) throw new UserError(`${name} has no analogies: each line needs four words.`);
  return questions;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  for (let d = 0; d < a.length; d++) product += a[d] * b[d];
  const norms = normOf(a) * normOf(b);
  return norms > 0 ? product / norms : 0;
}
