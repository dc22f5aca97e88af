// How often words are met. Knows not what a word is.
import { createWordTable, numberOf, type WordTable } from "./word-table.js";

export interface WordCounts {
  words: WordTable;
  /** By number of the word; exact up to 2^53. */
  counts: Float64Array;
}

export function createWordCounts(): WordCounts {
  return { words: createWordTable(), counts: new Float64Array(1 << 12) };
}

/** Adds `by` to the count of the word `source.slice(from, to)`. */
export function countWord(counted: WordCounts, source: string, from: number, to: number, by = 1): void {
  const number = numberOf(counted.words, source, from, to);
  if (number >= counted.counts.length) {
    const longer = new Float64Array(2 * counted.counts.length);
    longer.set(counted.counts);
    counted.counts = longer;
  }
  counted.counts[number] += by;
}
