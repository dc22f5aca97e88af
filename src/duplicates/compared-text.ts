// What texts are compared by, and how alike two of them are. Case, signs and spacing play no part.
import { distance } from "fastest-levenshtein";
import { segmentedWords } from "../text/index.js";
import { sharedWords, type WordWeights } from "./word-weights.js";

export interface ComparedText {
  /** Lower-cased words, a space between; the signs where a text has nothing else. */
  spoken: string;
  /** Hashes of the character trigrams of " word " for every word, sorted, each once: word order is lost. */
  trigrams: Int32Array;
}

/** Longer texts are compared by their trigrams alone: the time for edits grows with the square of the length. */
const longestEdited = 2000;

export function comparedText(text: string): ComparedText {
  const all = segmentedWords(text);
  const letters = all.filter((word) => hasLetter.test(word));
  const spoken = letters.length > 0 ? letters : all;
  return { spoken: spoken.join(" "), trigrams: trigramsOf(spoken) };
}

/**
 * From 0 to 1: how alike two texts are by their letters, and no more than by their words. Letters alone would join
 * "@airline thanks" and "@airline no thanks".
 *
 * @param weights - what the words of the table tell; without it, letters alone.
 * @example
 * similarity(comparedText("Top up by card"), comparedText("by card: top up!"), 0.85); // 1
 */
export function similarity(a: ComparedText, b: ComparedText, atLeast: number, weights?: WordWeights): number {
  const byLetters = letterSimilarity(a, b, atLeast);
  if (!weights || byLetters < atLeast) return byLetters;
  return Math.min(byLetters, sharedWords(a.spoken, b.spoken, weights));
}

/**
 * The larger of two: the cosine of the trigram sets, |A ∩ B| / √(|A| |B|), which other words' order leaves at 1; and
 * 1 − edits / length of the longer text, which is mild to single wrong letters. The second is only asked where it can
 * reach `atLeast`.
 */
function letterSimilarity(a: ComparedText, b: ComparedText, atLeast: number): number {
  const cosine = setCosine(a.trigrams, b.trigrams);
  const [shorter, longer] = [a.spoken.length, b.spoken.length].sort((x, y) => x - y);
  // An edit spoils three trigrams, and lengths apart are edits by themselves.
  const isHopeless = cosine < 1 - 3.5 * (1 - atLeast) || shorter < atLeast * longer;
  if (cosine >= 0.999 || longer > longestEdited || isHopeless) return cosine;
  return Math.max(cosine, 1 - distance(a.spoken, b.spoken) / longer);
}

function trigramsOf(spoken: readonly string[]): Int32Array {
  const found: number[] = [];
  for (const word of spoken) {
    const padded = ` ${word} `;
    for (let i = 0; i + 3 <= padded.length; i++)
      found.push(hash(padded.charCodeAt(i), padded.charCodeAt(i + 1), padded.charCodeAt(i + 2)));
  }
  const sorted = Int32Array.from(found).sort();
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
}

function setCosine(a: Int32Array, b: Int32Array): number {
  let [i, j, common] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      common++;
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return common === 0 ? 0 : common / Math.sqrt(a.length * b.length);
}

const hasLetter = /[\p{L}\p{N}]/u;

/** The finaliser of MurmurHash3 over three units. */
function hash(a: number, b: number, c: number): number {
  let mixed = Math.imul(Math.imul(a, 0x9e3779b1) + b, 0x85ebca6b) + c;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
