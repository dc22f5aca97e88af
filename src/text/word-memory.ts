// The ids of single words: spelled once, then remembered. Knows no texts and not how words are spelled.
import { clearWords, createWordTable, numberOf, resized, type WordTable } from "./word-table.js";

/** What encoding knows of words that it has met. */
export interface WordMemory {
  words: WordTable;
  /** The ids of word i are pieces [piecesAt[i], piecesAt[i + 1]). */
  piecesAt: Int32Array;
  pieces: Int32Array;
  spell: (word: string) => ArrayLike<number>;
}

/** Then all are forgotten, so that endless input needs no endless memory. */
const mostWords = 1 << 18;

/** @param spell - the ids of a word. */
export function createWordMemory(spell: (word: string) => ArrayLike<number>): WordMemory {
  return { words: createWordTable(), piecesAt: new Int32Array(1 << 11), pieces: new Int32Array(1 << 12), spell };
}

/** The number of the word `source.slice(from, to)` in the memory, which has its pieces then. */
export function rememberWord(memory: WordMemory, source: string, from: number, to: number): number {
  const { words } = memory;
  if (words.count === mostWords) clearWords(words);
  const known = words.count;
  const number = numberOf(words, source, from, to);
  if (words.count === known) return number;
  const spelled = memory.spell(source.slice(from, to));
  if (number + 1 >= memory.piecesAt.length) memory.piecesAt = resized(memory.piecesAt, 2 * memory.piecesAt.length);
  const at = memory.piecesAt[number];
  const end = at + spelled.length;
  if (end > memory.pieces.length) memory.pieces = resized(memory.pieces, 2 * end);
  memory.pieces.set(spelled, at);
  memory.piecesAt[number + 1] = end;
  return number;
}
