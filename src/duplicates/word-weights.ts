// How much each word of a table tells, and how many of a text's words another one has.
import { distance } from "fastest-levenshtein";

export interface WordWeights {
  /** From nearly 0, for a word of all texts, to 1. */
  weightOf(word: string): number;
  /** Hardly any text has the word: it may be another one misspelt. */
  isRare(word: string): boolean;
}

/** Words of fewer than this share of the texts tell all that a word can. */
const tellingShare = 0.05;
/** Shares of fewer texts mean little: these are counted at least. */
const fewestTexts = 100;
/** A word of more texts than these (or than this share) is no slip of the pen. */
const rareTexts = 2;
const rareShare = 0.001;

/**
 * Inverse document frequency, ln(1 / p) / ln(1 / 0.05) and at most 1, for a word of the share p of the texts.
 *
 * @param texts - words with single blanks between.
 */
export function countWordWeights(texts: Iterable<string>): WordWeights {
  const counts = new Map<string, number>();
  let total = 0;
  for (const text of texts) {
    total++;
    for (const word of new Set(text.split(" "))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const all = Math.max(total, fewestTexts) + 1;
  const mostRare = Math.max(rareTexts, rareShare * total);
  return {
    weightOf: (word) => Math.min(1, Math.log((counts.get(word) ?? 1) / all) / Math.log(tellingShare)),
    isRare: (word) => (counts.get(word) ?? 0) <= mostRare,
  };
}

/** The sum of the weights of a text's different words. */
export function weightOfText(spoken: string, weights: WordWeights): number {
  return sumOfWeights(new Set(spoken.split(" ")), weights);
}

function sumOfWeights(words: Iterable<string>, { weightOf }: WordWeights): number {
  let total = 0;
  for (const word of words) total += weightOf(word);
  return total;
}

/** At 0.85 a word of five may be missing and none of three: fitted on copies of questions with a few words cut off. */
const spared = { slope: 2.2, offset: 2.5 };

/**
 * Let s be the sum of a text's weights and m that of the words that the other text lacks, both of the text where they are
 * larger: 1 − m / (2.2 s − 2.5), which is hard on short texts. Where those words may be others misspelt: 1 − m e / (2 s)
 * with e their share of wrong letters.
 *
 * @param a - words with single blanks between, as `b`.
 * @returns from 0 to 1
 */
export function sharedWords(a: string, b: string, weights: WordWeights): number {
  const [wordsA, wordsB] = [new Set(a.split(" ")), new Set(b.split(" "))];
  const onlyA = [...wordsA].filter((word) => !wordsB.has(word));
  const onlyB = [...wordsB].filter((word) => !wordsA.has(word));
  const sum = (words: Iterable<string>) => sumOfWeights(words, weights);
  const apart = spelledApart(onlyA, onlyB, weights);
  // A misspelling tells what the word itself does, and that is the more frequent one.
  const [less, more] = [sum(onlyA), sum(onlyB)].sort((x, y) => x - y);
  const all = Math.max(sum(wordsA), sum(wordsB));
  if (apart < 1) return 1 - (apart * less) / (2 * all);
  const mostMissing = spared.slope * all - spared.offset;
  return more < mostMissing ? 1 - more / mostMissing : 0;
}

/**
 * How far words are from being others misspelt, from 0 to 1: their share of edits, blanks aside ("pop up", "popup").
 * What many texts have is no misspelling, and other digits are another number.
 */
function spelledApart(a: readonly string[], b: readonly string[], { isRare }: WordWeights): number {
  const [lettersA, lettersB] = [a.join(""), b.join("")];
  if (lettersA === lettersB) return 0;
  if (!a.some(isRare) && !b.some(isRare)) return 1;
  if (lettersA.replace(notDigits, "") !== lettersB.replace(notDigits, "")) return 1;
  return distance(lettersA, lettersB) / Math.max(lettersA.length, lettersB.length);
}

const notDigits = /\P{N}/gu;
