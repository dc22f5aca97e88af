// The ways to split a text into words that vocabularies are learned from: one table.
import { scanWords } from "../word-piece/scan-words.js";
import { longestWord } from "../word-piece/vocabulary.js";
import { pieceEnd } from "./split-pieces.js";

/** Visits every word, as units [from, to) of `source`. */
export type Splitter = (text: string, visit: (source: string, from: number, to: number) => void) => void;

/** Longer pieces, in UTF-16 units, are no words: nothing is learned from them. */
const longestPiece = 1 << 10;

export const splitters = {
  /** GPT-2's pieces, with the space before a word. */
  gpt2(text, visit) {
    for (let at = 0; at < text.length; ) {
      const end = pieceEnd(text, at, text.length);
      if (end - at <= longestPiece) visit(text, at, end);
      at = end;
    }
  },
  /** Bert's words. */
  bert: (text, visit) => visitScanned(text, false, visit),
  /** Bert's words in lower case. */
  bertLowercase: (text, visit) => visitScanned(text, true, visit),
} satisfies Record<string, Splitter>;

export type Splitting = keyof typeof splitters;

function visitScanned(text: string, lowercase: boolean, visit: Parameters<Splitter>[1]): void {
  const { count, bounds, cased, altered } = scanWords(text, lowercase);
  for (let i = 0; i < count; i++) {
    const word = altered.size > 0 ? altered.get(i) : undefined;
    const [from, to] = word === undefined ? [bounds[2 * i], bounds[2 * i + 1]] : [0, word.length];
    if (to - from <= 2 * longestWord) visit(word ?? cased, from, to);
  }
}
