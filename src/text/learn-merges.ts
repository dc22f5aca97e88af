// Learns byte-pair merges: again and again the most frequent pair of neighbours becomes one symbol. Knows no texts and no
// spelling of symbols. Source: Sennrich, Haddow and Birch (2016), "Neural machine translation of rare words with subword
// units"; counts are kept up to date around each merge, so that its time is that of the places it changes.
import { createPairTable, numberOfPair, type PairTable } from "./pair-table.js";

/** Distinct words as symbols, and how often each is met. */
export interface SpelledCorpus {
  /** Of all words, one after the other. */
  symbols: Int32Array;
  /** Word i is symbols [wordsAt[i], wordsAt[i + 1]). */
  wordsAt: Int32Array;
  counts: Float64Array;
}

/** The symbol that a pair becomes, which may have been there before; undefined ends the learning. */
export type OnMerge = (left: number, right: number, count: number) => number | undefined;

/**
 * Merges pairs, the most frequent first and of equals the one whose symbols have the lowest numbers, as long as one is met
 * `least` times. Overlapping pairs (a a a) are merged from the left. The order of the words changes nothing.
 *
 * @param corpus - `symbols` is used up.
 * @example
 * // "aab" twice: a a -> 2, 2 b -> 3
 * const merges: number[][] = [];
 * learnMerges({ symbols: Int32Array.of(0, 0, 1), wordsAt: Int32Array.of(0, 3), counts: Float64Array.of(2) }, 1,
 *   (left, right) => merges.push([left, right]) + 1);
 */
export function learnMerges(corpus: SpelledCorpus, least: number, onMerge: OnMerge): void {
  const { symbols, counts } = corpus;
  const { next, previous, wordOf } = linkSymbols(corpus);
  const pairs = countPairs(corpus);
  const heap = createHeap(pairs);
  const changed: number[] = [];

  const change = (left: number, right: number, by: number, at: number): void => {
    const pair = numberOfPair(pairs.table, left, right);
    if (pair >= pairs.counts.length) growPairs(pairs);
    pairs.counts[pair] += by;
    if (by > 0) addPlace(pairs, pair, at);
    if (pairs.isChanged[pair] === 0) {
      pairs.isChanged[pair] = 1;
      changed.push(pair);
    }
  };

  while (heap.length > 0) {
    const pair = heap.items[0];
    const count = pairs.counts[pair];
    if (count < least) return;
    const left = pairs.table.lefts[pair];
    const right = pairs.table.rights[pair];
    const merged = onMerge(left, right, count);
    if (merged === undefined) return;
    for (const at of takePlaces(pairs, pair, left === right)) {
      const second = next[at];
      // The place may have changed since it was noted.
      if (symbols[at] !== left || second < 0 || symbols[second] !== right) continue;
      const by = counts[wordOf[at]];
      const before = previous[at];
      const after = next[second];
      if (before >= 0) {
        change(symbols[before], left, -by, -1);
        change(symbols[before], merged, by, before);
      }
      if (after >= 0) {
        change(right, symbols[after], -by, -1);
        change(merged, symbols[after], by, at);
        previous[after] = at;
      }
      symbols[at] = merged;
      symbols[second] = -1;
      next[at] = after;
    }
    pairs.counts[pair] = 0;
    settle(heap, pairs, pair);
    for (const one of changed) {
      pairs.isChanged[one] = 0;
      settle(heap, pairs, one);
    }
    changed.length = 0;
  }
}

/** Neighbours within words, -1 where there is none. */
function linkSymbols({ symbols, wordsAt }: SpelledCorpus) {
  const next = new Int32Array(symbols.length);
  const previous = new Int32Array(symbols.length);
  const wordOf = new Int32Array(symbols.length);
  for (let word = 0; word + 1 < wordsAt.length; word++) {
    for (let at = wordsAt[word]; at < wordsAt[word + 1]; at++) {
      previous[at] = at > wordsAt[word] ? at - 1 : -1;
      next[at] = at + 1 < wordsAt[word + 1] ? at + 1 : -1;
      wordOf[at] = word;
    }
  }
  return { next, previous, wordOf };
}

/** All pairs that were ever met, by number. */
interface Pairs {
  table: PairTable;
  counts: Float64Array;
  isChanged: Uint8Array;
  /** The first and last of the notes about where a pair stands; -1 for none. */
  first: Int32Array;
  last: Int32Array;
  /** Place in the heap, -1 when it is not there. */
  heapAt: Int32Array;
  /** The count by which the heap is ordered: changes come to it one by one, or it would be no heap in between. */
  heapCounts: Float64Array;
  notes: number;
  noteAt: Int32Array;
  noteNext: Int32Array;
}

function countPairs({ symbols, wordsAt, counts }: SpelledCorpus): Pairs {
  const size = 1 << 12;
  const pairs: Pairs = {
    table: createPairTable(),
    counts: new Float64Array(size),
    isChanged: new Uint8Array(size),
    first: new Int32Array(size).fill(-1),
    last: new Int32Array(size).fill(-1),
    heapAt: new Int32Array(size).fill(-1),
    heapCounts: new Float64Array(size),
    notes: 0,
    noteAt: new Int32Array(symbols.length + 1),
    noteNext: new Int32Array(symbols.length + 1),
  };
  for (let word = 0; word + 1 < wordsAt.length; word++)
    for (let at = wordsAt[word]; at + 1 < wordsAt[word + 1]; at++) {
      const pair = numberOfPair(pairs.table, symbols[at], symbols[at + 1]);
      if (pair >= pairs.counts.length) growPairs(pairs);
      pairs.counts[pair] += counts[word];
      addPlace(pairs, pair, at);
    }
  return pairs;
}

function growPairs(pairs: Pairs): void {
  const size = 2 * pairs.counts.length;
  for (const name of ["counts", "heapCounts"] as const) {
    const longer = new Float64Array(size);
    longer.set(pairs[name]);
    pairs[name] = longer;
  }
  const isChanged = new Uint8Array(size);
  isChanged.set(pairs.isChanged);
  pairs.isChanged = isChanged;
  for (const name of ["first", "last", "heapAt"] as const) {
    const longer = new Int32Array(size).fill(-1);
    longer.set(pairs[name]);
    pairs[name] = longer;
  }
}

function addPlace(pairs: Pairs, pair: number, at: number): void {
  if (pairs.notes === pairs.noteAt.length)
    for (const name of ["noteAt", "noteNext"] as const) {
      const longer = new Int32Array(2 * pairs.notes);
      longer.set(pairs[name]);
      pairs[name] = longer;
    }
  const note = pairs.notes++;
  pairs.noteAt[note] = at;
  pairs.noteNext[note] = -1;
  if (pairs.last[pair] < 0) pairs.first[pair] = note;
  else pairs.noteNext[pairs.last[pair]] = note;
  pairs.last[pair] = note;
}

/** Where the pair was noted, and the notes are gone. They are in order, but for symbols that were made in two ways. */
function takePlaces(pairs: Pairs, pair: number, mustBeInOrder: boolean): number[] {
  const places: number[] = [];
  for (let note = pairs.first[pair]; note >= 0; note = pairs.noteNext[note]) places.push(pairs.noteAt[note]);
  pairs.first[pair] = -1;
  pairs.last[pair] = -1;
  return mustBeInOrder ? places.sort((a, b) => a - b) : places;
}

/** A binary heap of pairs, the next to be merged first. */
interface Heap {
  items: Int32Array;
  length: number;
}

function createHeap(pairs: Pairs): Heap {
  const heap = { items: new Int32Array(Math.max(16, pairs.table.count)), length: 0 };
  for (let pair = 0; pair < pairs.table.count; pair++) settle(heap, pairs, pair);
  return heap;
}

/** Brings a pair to where its count belongs; out of the heap when it is not met any more. */
function settle(heap: Heap, pairs: Pairs, pair: number): void {
  const { heapAt, counts, heapCounts } = pairs;
  const at = heapAt[pair];
  heapCounts[pair] = counts[pair];
  if (counts[pair] > 0) sift(heap, pairs, pair, at < 0 ? newPlace(heap) : at);
  else if (at >= 0) {
    heapAt[pair] = -1;
    const last = heap.items[--heap.length];
    if (last !== pair) sift(heap, pairs, last, at);
  }
}

function newPlace(heap: Heap): number {
  if (heap.length === heap.items.length) {
    const longer = new Int32Array(2 * heap.length);
    longer.set(heap.items);
    heap.items = longer;
  }
  return heap.length++;
}

/** Puts a pair at `from`, or above or below. */
function sift({ items, length }: Heap, pairs: Pairs, pair: number, from: number): void {
  const { heapAt } = pairs;
  let at = from;
  for (let parent = (at - 1) >> 1; at > 0 && isBefore(pairs, pair, items[parent]); parent = (at - 1) >> 1) {
    items[at] = items[parent];
    heapAt[items[at]] = at;
    at = parent;
  }
  for (let child = 2 * at + 1; child < length; child = 2 * at + 1) {
    if (child + 1 < length && isBefore(pairs, items[child + 1], items[child])) child++;
    if (!isBefore(pairs, items[child], pair)) break;
    items[at] = items[child];
    heapAt[items[at]] = at;
    at = child;
  }
  items[at] = pair;
  heapAt[pair] = at;
}

function isBefore({ heapCounts, table }: Pairs, a: number, b: number): boolean {
  if (heapCounts[a] !== heapCounts[b]) return heapCounts[a] > heapCounts[b];
  const { lefts, rights } = table;
  return lefts[a] !== lefts[b] ? lefts[a] < lefts[b] : rights[a] < rights[b];
}
