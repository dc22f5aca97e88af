// Chooses pieces that spell rare words: byte-pair merges of their characters. Knows no texts.
// Source of the merges: Sennrich, Haddow and Birch (2016), "Neural machine translation of rare words with subword units".
import { continuation } from "./tokenizer.js";

/** Longer words, in UTF-16 units, are hardly made of meaningful parts: addresses, codes. */
const longestLearned = 32;
/** More words than these are thinned out evenly: they hardly change the pieces, and the time is bounded. */
const mostLearned = 40_000;
/** Keys of pairs stay exact integers. */
const mostSymbols = 1 << 20;

/** Neighbours in words. */
interface Pair {
  left: number;
  right: number;
  /** Occurrences now. */
  count: number;
  /** Words that had the pair when it was counted; some may have lost it since. */
  words: number[];
  /** The count under which it stands in the queue; other entries of it there are stale. */
  queued: number;
}

interface Entry {
  pair: Pair;
  count: number;
}

/**
 * The pieces (those inside a word with "##") that neighbours in the words make most often, in the order found, until
 * no pair is met `least` times or `room` pieces are found. A word begins with the longest word of `whole` that it can,
 * because that is how it is going to be spelled; all else begins as characters.
 *
 * @param words - the rare words and how often each is met; their order breaks ties.
 * @example
 * learnPieces([["walking", 2], ["talking", 2]], new Set(["walk"]), 4, 10); // ["##in", "##ing"]
 */
export function learnPieces(
  words: readonly (readonly [string, number])[],
  whole: ReadonlySet<string>,
  least: number,
  room: number,
): string[] {
  const step = Math.ceil(words.length / mostLearned);
  const learned = words.filter(([word], i) => i % step === 0 && word.length > 1 && word.length <= longestLearned);
  const symbols: string[] = [];
  const idOf = new Map<string, number>();
  const symbol = (text: string): number => {
    const known = idOf.get(text);
    if (known !== undefined) return known;
    idOf.set(text, symbols.length);
    return symbols.push(text) - 1;
  };
  const spelled = learned.map(([word]) => split(word, whole).map(symbol));

  const pairs = new Map<number, Pair>();
  const heap: Entry[] = [];
  let risen = new Set<Pair>();
  const add = (left: number, right: number, word: number): void => {
    const key = left * mostSymbols + right;
    let pair = pairs.get(key);
    if (pair === undefined) {
      pair = { left, right, count: 0, words: [], queued: 0 };
      pairs.set(key, pair);
    }
    pair.count += learned[word][1];
    pair.words.push(word);
    risen.add(pair);
  };
  const remove = (left: number, right: number, word: number): void => {
    pairs.get(left * mostSymbols + right)!.count -= learned[word][1];
  };
  const queueRisen = (): void => {
    for (const pair of risen) if (pair.count >= least && pair.count > pair.queued) push(heap, pair);
    risen = new Set();
  };

  for (const [word, parts] of spelled.entries())
    for (let i = 1; i < parts.length; i++) add(parts[i - 1], parts[i], word);
  queueRisen();
  const given = symbols.length;
  const pieces: string[] = [];
  while (pieces.length < room && symbols.length < mostSymbols) {
    const pair = pop(heap, least);
    if (pair === undefined) break;
    const { left, right } = pair;
    const made = symbol(symbols[left] + symbols[right].slice(continuation.length));
    if (made >= given && made === symbols.length - 1 && !whole.has(symbols[made])) pieces.push(symbols[made]);
    for (const word of pair.words) {
      const parts = spelled[word];
      for (let i = 1; i < parts.length; i++) {
        if (parts[i - 1] !== left || parts[i] !== right) continue;
        if (i >= 2) {
          remove(parts[i - 2], left, word);
          add(parts[i - 2], made, word);
        }
        if (i + 1 < parts.length) {
          remove(right, parts[i + 1], word);
          add(made, parts[i + 1], word);
        }
        parts.splice(i - 1, 2, made);
      }
    }
    pair.count = 0;
    pair.queued = 0;
    pair.words = [];
    queueRisen();
  }
  return [...new Set(pieces)];
}

function split(word: string, whole: ReadonlySet<string>): string[] {
  const characters = [...word];
  let start = characters.length - 1;
  while (start > 1 && !whole.has(characters.slice(0, start).join(""))) start--;
  return [
    characters.slice(0, Math.max(1, start)).join(""),
    ...characters.slice(Math.max(1, start)).map((character) => continuation + character),
  ];
}

/** Highest count first, then the symbols that came first. */
function before(a: Entry, b: Entry): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.pair.left !== b.pair.left ? a.pair.left < b.pair.left : a.pair.right < b.pair.right;
}

/** Into a binary heap. */
function push(heap: Entry[], pair: Pair): void {
  pair.queued = pair.count;
  const entry = { pair, count: pair.count };
  let i = heap.length;
  heap.push(entry);
  for (let parent = (i - 1) >> 1; i > 0 && before(entry, heap[parent]); parent = (i - 1) >> 1) {
    heap[i] = heap[parent];
    i = parent;
  }
  heap[i] = entry;
}

/** The pair that is most frequent now; pairs that fell since they were queued go back to their place. */
function pop(heap: Entry[], least: number): Pair | undefined {
  while (heap.length > 0) {
    const { pair, count } = heap[0];
    const last = heap.pop()!;
    let i = 0;
    for (let child = 1; child < heap.length; child = 2 * i + 1) {
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], last)) break;
      heap[i] = heap[child];
      i = child;
    }
    if (heap.length > 0) heap[i] = last;
    if (count !== pair.queued) continue;
    if (pair.count === count) return pair;
    pair.queued = 0;
    if (pair.count >= least) push(heap, pair);
  }
  return undefined;
}
