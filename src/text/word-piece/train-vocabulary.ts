// Builds a WordPiece vocabulary from texts: frequent words whole, characters and pieces to spell the others.
import { UserError } from "../../base/errors.js";
import { countWord, createWordCounts } from "../word-counts.js";
import { wordOf } from "../word-table.js";
import { learnPieces } from "./learn-pieces.js";
import { scanWords } from "./scan-words.js";
import { continuation, createVocabulary, longestWord, specialTokens, type WordPieceVocabulary } from "./vocabulary.js";

export interface TokenizerOptions {
  /** Maximum number of tokens, including [PAD] and [UNK]. Default: as many as the texts give, up to 30,000. */
  vocabSize?: number;
  /** Least count of a word or character to get a token. Default 2. */
  minCount?: number;
  /** Default true. */
  lowercase?: boolean;
}

const largestVocabulary = 30_000;

/** Words or characters with their occurrences. */
type Counted = [string, number][];

/**
 * Learns a vocabulary. After [PAD] and [UNK] come the words that occur at least `minCount` times, by count and then in
 * code-point order; then the characters seen as often, as `c` and `##c`; then pieces for the rare words: their
 * characters merged pair by pair, as long as a pair is met 2 · minCount times, at most a tenth of the size.
 * If `vocabSize` is small, characters take at most half of it, and words give way to characters and pieces.
 *
 * @throws UserError for options out of range.
 * @example
 * const tokenizer = trainTokenizer(["A good film.", "A bad film."]);
 * tokenizer.tokens.slice(0, 5); // ["[PAD]", "[UNK]", ".", "a", "film"]
 */
export function trainVocabulary(texts: Iterable<string>, options: TokenizerOptions = {}): WordPieceVocabulary {
  const { vocabSize = largestVocabulary, minCount = 2, lowercase = true } = options;
  const smallest = specialTokens.length + 1;
  if (!Number.isInteger(vocabSize) || vocabSize < smallest)
    throw new UserError(`vocabSize must be a whole number of ${smallest} or more, not ${vocabSize}.`);
  if (!Number.isInteger(minCount) || minCount < 1)
    throw new UserError(`minCount must be a whole number of 1 or more, not ${minCount}.`);

  const counted = countWords(texts, lowercase);
  const room = vocabSize - specialTokens.length;
  const characters = frequentCharacters(counted, minCount, Math.floor(room / 2));
  const pieceRoom = Math.floor(room / 10);
  const isFrequent = ([word, count]: Counted[number]) => count >= minCount && [...word].length <= longestWord;
  // Words that have to give way to pieces are rare as well, and the pieces should know it.
  const frequent = counted.filter(isFrequent).map(([word]) => word);
  const tight = frequent.length > room - characters.length - pieceRoom;
  const whole = new Set(frequent.slice(0, tight ? Math.max(0, room - characters.length - pieceRoom) : undefined));
  const rare = counted.filter(([word]) => !whole.has(word));
  const pieces = learnPieces(rare, whole, 2 * minCount, Math.min(pieceRoom, room - characters.length));
  const words = frequent.slice(0, Math.max(0, room - characters.length - pieces.length));
  return createVocabulary([...new Set([...specialTokens, ...words, ...characters, ...pieces])], lowercase);
}

/** All words but those that cannot become a token, most frequent first, equals in code-point order. */
function countWords(texts: Iterable<string>, lowercase: boolean): Counted {
  const found = createWordCounts();
  for (const text of texts) {
    const { count, bounds, cased, altered } = scanWords(text, lowercase);
    for (let i = 0; i < count; i++) {
      const word = altered.get(i);
      const [from, to] = word === undefined ? [bounds[2 * i], bounds[2 * i + 1]] : [0, word.length];
      if (to - from <= 2 * longestWord) countWord(found, word ?? cased, from, to);
    }
  }
  const { words, counts } = found;
  const counted: Counted = [];
  for (let i = 0; i < words.count; i++) counted.push([wordOf(words, i), counts[i]]);
  return counted.sort(byCount);
}

function frequentCharacters(words: Counted, minCount: number, room: number): string[] {
  const counts = new Map<string, number>();
  const inside = new Set<string>();
  for (const [word, count] of words) {
    let first = true;
    for (const character of word) {
      counts.set(character, (counts.get(character) ?? 0) + count);
      if (!first) inside.add(character);
      first = false;
    }
  }
  return [...counts]
    .filter(([, count]) => count >= minCount)
    .sort(byCount)
    .flatMap(([character]) => (inside.has(character) ? [character, continuation + character] : [character]))
    .slice(0, room);
}

function byCount([a, m]: Counted[number], [b, n]: Counted[number]): number {
  return n - m || compareCodePoints(a, b);
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
