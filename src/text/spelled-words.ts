// The ids of single words: spelled once by the pieces of a vocabulary, then remembered. Knows no texts.
import { continuation, longestWord, type Tokenizer, unknownId } from "./tokenizer.js";
import { clearWords, createWordTable, numberOf, resized, type WordTable } from "./word-table.js";

/** What encoding knows of words that it has met. */
export interface SpelledWords {
  words: WordTable;
  /** The ids of word i are pieces [piecesAt[i], piecesAt[i + 1]). */
  piecesAt: Int32Array;
  pieces: Int32Array;
  pieceIndex: PieceIndex;
}

/** The vocabulary as spelling asks for it; lengths are in UTF-16 units, and no longer piece need be looked for. */
interface PieceIndex {
  first: ReadonlyMap<string, number>;
  /** The longest of `first` by its first two units. */
  longestFirst: Map<string, number>;
  /** Pieces inside a word, without "##". */
  inside: Map<string, number>;
  longestInside: number;
}

const memories = new WeakMap<Tokenizer, SpelledWords>();
/** Then all are forgotten, so that endless input needs no endless memory. */
const mostWords = 1 << 18;

/** The memory of a tokenizer; it goes when the tokenizer goes. */
export function spelledWords(tokenizer: Tokenizer): SpelledWords {
  let memory = memories.get(tokenizer);
  if (memory === undefined) {
    memory = {
      words: createWordTable(),
      piecesAt: new Int32Array(1 << 11),
      pieces: new Int32Array(1 << 12),
      pieceIndex: indexPieces(tokenizer),
    };
    memories.set(tokenizer, memory);
  }
  return memory;
}

function indexPieces({ tokens, ids }: Tokenizer): PieceIndex {
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

/** The number of the word `source.slice(from, to)` in the memory, which has its pieces then. */
export function spelledWord(memory: SpelledWords, source: string, from: number, to: number): number {
  const { words } = memory;
  if (words.count === mostWords) clearWords(words);
  const known = words.count;
  const number = numberOf(words, source, from, to);
  if (words.count === known) return number;
  const spelled = spellWord(memory.pieceIndex, source.slice(from, to));
  if (number + 1 >= memory.piecesAt.length) memory.piecesAt = resized(memory.piecesAt, 2 * memory.piecesAt.length);
  const at = memory.piecesAt[number];
  const end = at + spelled.length;
  if (end > memory.pieces.length) memory.pieces = resized(memory.pieces, 2 * end);
  memory.pieces.set(spelled, at);
  memory.piecesAt[number + 1] = end;
  return number;
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
