// Turns a text into 64-bit hashes of its word and character n-grams. Makes no strings of them; knows no weights.
import { hasUnspacedScript } from "../text/segment-words.js";
import { segmentedWords } from "../text/segmented-words.js";
import { words as splitWords } from "../text/words.js";

export interface NgramRange {
  wordNgrams: number;
  minCharacters: number;
  maxCharacters: number;
  /**
   * In scripts without blanks the word n-grams are of a dictionary's words. Runs of characters stay those of Bert's words,
   * ideographs apart: on 14,457 Chinese reviews 85.8 % right, with both of the dictionary's 85.3, with none 85.4.
   */
  segmented: boolean;
}

/**
 * The hashes of the last scanned text: entries [0, words) are word n-grams, [words, count) character n-grams;
 * one entry an occurrence. The arrays are reused by the next scan.
 */
export interface NgramScanner {
  high: Int32Array;
  low: Int32Array;
  words: number;
  count: number;
  /** Reads at most `limit` UTF-16 units of the text. */
  scan(text: string, limit?: number): void;
}

/** Word n-grams of n > 1 see these at the ends of the text, so that "begins with what" is a feature. */
const startMark = 1;
const endMark = 2;
const space = 32;
const wordSeed = 0x3c6ef372;
const characterSeed = 0x1b873593;

/**
 * @example
 * const scanner = createNgramScanner({ wordNgrams: 2, minCharacters: 2, maxCharacters: 5, segmented: true });
 * scanner.scan("Who was Galileo ?");
 * scanner.words; // 9: four words, five pairs counting both ends
 */
export function createNgramScanner(range: NgramRange): NgramScanner {
  const { wordNgrams, minCharacters, maxCharacters, segmented } = range;
  let units = new Uint16Array(1024);
  let wordHigh = new Int32Array(256);
  let wordLow = new Int32Array(256);
  const scanner: NgramScanner = { high: new Int32Array(0), low: new Int32Array(0), words: 0, count: 0, scan };

  function scan(text: string, limit = Number.POSITIVE_INFINITY): void {
    const read = text.length > limit ? text.slice(0, limit) : text;
    const parts = splitWords(read);
    const words = segmented && hasUnspacedScript(read) ? segmentedWords(read) : parts;
    let room = parts.length + 3;
    for (const part of parts) room += part.length;
    if (units.length < room) units = new Uint16Array(2 * room);
    if (wordHigh.length < words.length + 2) {
      wordHigh = new Int32Array(2 * words.length + 4);
      wordLow = new Int32Array(2 * words.length + 4);
    }
    const most = (words.length + 2) * wordNgrams + room * Math.max(0, maxCharacters - minCharacters + 1);
    if (scanner.high.length < most) {
      scanner.high = new Int32Array(2 * most);
      scanner.low = new Int32Array(2 * most);
    }
    scanner.count = 0;
    scanner.words = 0;
    if (words.length === 0) return;
    hashWords(words);
    pairWords(words.length + 2);
    scanner.words = scanner.count;
    runCharacters(write(parts));
  }

  /** "␁ word word ␂" into `units`. */
  function write(words: readonly string[]): number {
    let at = 0;
    units[at++] = startMark;
    units[at++] = space;
    for (const word of words) {
      for (let i = 0; i < word.length; i++) units[at++] = word.charCodeAt(i);
      units[at++] = space;
    }
    units[at++] = endMark;
    return at;
  }

  /** The hash of each word and of both marks into wordHigh/wordLow. */
  function hashWords(words: readonly string[]): void {
    wordHigh[0] = startMark;
    wordLow[0] = startMark;
    for (let w = 0; w < words.length; w++) {
      const word = words[w];
      let high = wordSeed;
      let low = ~wordSeed;
      for (let i = 0; i < word.length; i++) {
        const unit = word.charCodeAt(i);
        high = stepHigh(high, unit);
        low = stepLow(low, unit);
      }
      wordHigh[w + 1] = finish(high);
      wordLow[w + 1] = finish(low);
    }
    wordHigh[words.length + 1] = endMark;
    wordLow[words.length + 1] = endMark;
  }

  /** All runs of 1 … wordNgrams words; a mark alone is none. */
  function pairWords(total: number): void {
    const { high: highs, low: lows } = scanner;
    let count = scanner.count;
    for (let start = 0; start < total; start++) {
      let high = wordSeed;
      let low = characterSeed;
      const end = Math.min(total, start + wordNgrams);
      for (let at = start; at < end; at++) {
        high = stepHigh(high, wordHigh[at]);
        low = stepLow(low, wordLow[at]);
        if (at === start && (start === 0 || start === total - 1)) continue;
        highs[count] = high;
        lows[count++] = finish(low);
      }
    }
    scanner.count = count;
  }

  /** All runs of minCharacters … maxCharacters units; a mark with nothing but its space is none. */
  function runCharacters(length: number): void {
    const { high: highs, low: lows } = scanner;
    let count = scanner.count;
    for (let start = 0; start + minCharacters <= length; start++) {
      let high = characterSeed;
      let low = wordSeed;
      const shortest = start === 0 || start >= length - 2 ? Math.max(3, minCharacters) : minCharacters;
      const end = Math.min(length, start + maxCharacters);
      for (let at = start; at < end; at++) {
        high = stepHigh(high, units[at]);
        low = stepLow(low, units[at]);
        if (at - start + 1 < shortest) continue;
        highs[count] = high;
        lows[count++] = finish(low);
      }
    }
    scanner.count = count;
  }
  return scanner;
}

/**
 * What the word n-grams of a scan cover, in its order: words [first, last], −1 and `words` being the marks.
 *
 * @param words of the text
 */
export function wordRuns(
  words: number,
  { wordNgrams }: NgramRange,
  visit: (first: number, last: number) => void,
): void {
  if (words === 0) return;
  for (let first = -1; first <= words; first++)
    for (let last = first; last <= words && last < first + wordNgrams; last++)
      if (last > first || (first >= 0 && first < words)) visit(first, last);
}

/**
 * What the character n-grams of a scan cover, in its order: units [first, last] of what it writes: a mark, a space, each word
 * with a space behind it, a mark.
 *
 * @param units that are written
 */
export function characterRuns(units: number, range: NgramRange, visit: (first: number, last: number) => void): void {
  const { minCharacters, maxCharacters } = range;
  for (let first = 0; first + minCharacters <= units; first++) {
    const shortest = first === 0 || first >= units - 2 ? Math.max(3, minCharacters) : minCharacters;
    for (let last = first + shortest - 1; last < units && last < first + maxCharacters; last++) visit(first, last);
  }
}

/** Two unlike 32-bit steps: a polynomial one, and one that rotates. Together they tell n-grams apart. */
function stepHigh(hash: number, value: number): number {
  return (Math.imul(hash, 0x9e3779b1) + value) | 0;
}

function stepLow(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x85ebca6b);
  return (mixed << 13) | (mixed >>> 19);
}

/** Finaliser of MurmurHash3: every bit of the result depends on every bit of the hash. */
function finish(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
