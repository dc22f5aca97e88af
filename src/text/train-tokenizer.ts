// Builds a WordPiece vocabulary from texts: frequent words whole, characters and word ends to spell the others.
import { UserError } from "../base/errors.js";
import { continuation, createTokenizer, longestWord, specialTokens, type Tokenizer } from "./tokenizer.js";
import { words } from "./words.js";

export interface TokenizerOptions {
  /** Most tokens, [PAD] and [UNK] among them. Default: what the texts give, 30,000 at most. */
  vocabSize?: number;
  /** Occurrences from which a word or character has a token. Default 2. */
  minCount?: number;
  /** Default true. */
  lowercase?: boolean;
}

const largestVocabulary = 30_000;
/** Lengths of the pieces taken from rare words, in characters. */
const pieceLengths = [2, 3, 4, 5, 6];

/**
 * Learns a vocabulary. After [PAD] and [UNK] come the words seen at least `minCount` times, by count and then in
 * code-point order; then the characters seen as often, as `c` and `##c`; then the beginnings and `##` endings of 2 to 6
 * characters that the rare words share most (in at least 4 · minCount occurrences, at most a tenth of the size).
 * When `vocabSize` is short, characters take at most half of it and words give way to characters and pieces.
 *
 * @throws UserError for options out of range.
 * @example
 * const tokenizer = trainTokenizer(["A good film.", "A bad film."]);
 * tokenizer.tokens.slice(0, 5); // ["[PAD]", "[UNK]", ".", "a", "film"]
 */
export function trainTokenizer(texts: Iterable<string>, options: TokenizerOptions = {}): Tokenizer {
  const { vocabSize = largestVocabulary, minCount = 2, lowercase = true } = options;
  const least = specialTokens.length + 1;
  if (!Number.isInteger(vocabSize) || vocabSize < least)
    throw new UserError(`vocabSize is a whole number from ${least}, not ${vocabSize}.`);
  if (!Number.isInteger(minCount) || minCount < 1)
    throw new UserError(`minCount is a whole number from 1, not ${minCount}.`);

  const counts = new Map<string, number>();
  for (const text of texts) for (const word of words(text, lowercase)) add(counts, word, 1);
  const room = vocabSize - specialTokens.length;
  const characters = frequentCharacters(counts, minCount, Math.floor(room / 2));
  const frequent = byCount(counts).filter(([word, count]) => count >= minCount && [...word].length <= longestWord);
  const pieceRoom = Math.floor(room / 10);
  // How many words stay whole decides which are rare; the pieces then fill what they need of their share.
  const kept = frequent.slice(0, Math.max(0, room - characters.length)).map(([word]) => word);
  const whole = new Set(kept);
  let pieces = frequentPieces(counts, whole, 4 * minCount, pieceRoom);
  const wordRoom = Math.max(0, room - characters.length - pieces.length);
  if (wordRoom < kept.length) {
    kept.length = wordRoom;
    pieces = pieces.slice(0, room - characters.length - kept.length);
  }
  return createTokenizer([...new Set([...specialTokens, ...kept, ...characters, ...pieces])], lowercase);
}

function frequentCharacters(counts: ReadonlyMap<string, number>, minCount: number, room: number): string[] {
  const characters = new Map<string, number>();
  for (const [word, count] of counts) for (const character of word) add(characters, character, count);
  const inside = new Set<string>();
  for (const word of counts.keys()) for (const character of [...word].slice(1)) inside.add(character);
  return byCount(characters)
    .filter(([, count]) => count >= minCount)
    .flatMap(([character]) => (inside.has(character) ? [character, continuation + character] : [character]))
    .slice(0, room);
}

function frequentPieces(counts: ReadonlyMap<string, number>, whole: ReadonlySet<string>, least: number, room: number) {
  const pieces = new Map<string, number>();
  for (const [word, count] of counts) {
    if (whole.has(word)) continue;
    const characters = [...word];
    if (characters.length > longestWord) continue;
    for (const length of pieceLengths) {
      if (length >= characters.length) break;
      add(pieces, characters.slice(0, length).join(""), count);
      add(pieces, continuation + characters.slice(-length).join(""), count);
    }
  }
  return byCount(pieces)
    .filter(([, count]) => count >= least)
    .slice(0, room)
    .map(([piece]) => piece);
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/** Most frequent first, equals in code-point order. */
function byCount(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || compareCodePoints(a, b));
}

/** UTF-16 order differs from code-point order only where a surrogate meets U+E000 to U+FFFF. */
function compareCodePoints(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
