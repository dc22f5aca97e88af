// Spells single words by the pieces of a vocabulary. Knows no texts.

import { createWordMemory, type WordMemory } from "../word-memory.js";
import { continuation, longestWord, unknownId, type WordPieceVocabulary } from "./vocabulary.js";

/** The vocabulary as spelling asks for it; lengths are in UTF-16 units, and no longer piece need be looked for. */
interface PieceIndex {
  first: ReadonlyMap<string, number>;
  /** The longest of `first` by its first two units. */
  longestFirst: Map<string, number>;
  /** Pieces inside a word, without "##". */
  inside: Map<string, number>;
  longestInside: number;
}

const memories = new WeakMap<WordPieceVocabulary, WordMemory>();

/** The memory of a tokenizer's words; it goes when the tokenizer goes. */
export function spelledWords(tokenizer: WordPieceVocabulary): WordMemory {
  let memory = memories.get(tokenizer);
  if (memory === undefined) {
    const index = indexPieces(tokenizer);
    memory = createWordMemory((word) => spellWord(index, word));
    memories.set(tokenizer, memory);
  }
  return memory;
}

function indexPieces({ tokens, ids }: WordPieceVocabulary): PieceIndex {
  const index: PieceIndex = { first: ids, longestFirst: new Map(), inside: new Map(), longestInside: 0 };
  for (const [id, token] of tokens.entries()) {
    if (token.startsWith(continuation)) {
      const piece = token.slice(continuation.length);
      index.inside.set(piece, id);
      index.longestInside = Math.max(index.longestInside, piece.length);
    } else {
      const start = token.slice(0, 2);
      index.longestFirst.set(start, Math.max(index.longestFirst.get(start) ?? 0, token.length));
    }
  }
  return index;
}

/** The longest piece first, from left to right; a word with a rest that no piece begins is unknown as a whole. */
function spellWord({ first, longestFirst, inside, longestInside }: PieceIndex, word: string): readonly number[] {
  const ends = [0];
  for (const character of word) ends.push(ends[ends.length - 1] + character.length);
  const count = ends.length - 1;
  if (count > longestWord) return [unknownId];
  const pieces: number[] = [];
  for (let start = 0; start < count; ) {
    const known = start === 0 ? first : inside;
    const longest = start === 0 ? (longestFirst.get(word.slice(0, 2)) ?? 1) : longestInside;
    let end = Math.min(count, start + longest);
    let id: number | undefined;
    for (; end > start; end--) {
      id = known.get(word.slice(ends[start], ends[end]));
      if (id !== undefined) break;
    }
    if (id === undefined) return [unknownId];
    pieces.push(id);
    start = end;
  }
  return pieces;
}
