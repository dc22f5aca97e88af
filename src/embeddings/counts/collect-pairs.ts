// Finds the pairs of words that stand near each other in one stretch of the corpus, sorted roughly by their first word:
// each range of words has a file of its own. Runs in a worker thread.
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { mixSeed } from "../../base/random.js";
import { readNumbers, textEnd, writeWhole } from "../corpus.js";

export interface CollectInput {
  corpus: string;
  /** From the corpus's numbers to rows; -1 for words that are left out. */
  ids: Int32Array;
  /** Positions of the corpus whose pairs to the right are wanted. */
  from: number;
  to: number;
  window: number;
  seed: number;
  /** Chance of each word to stay, in 2^32nds. */
  keep: Uint32Array;
  /** The range of each word. */
  rangeOf: Uint16Array;
  /** Where each range begins, in words. */
  firstRows: Int32Array;
  folder: string;
}

/** Pairs of range r that this call added to the file `${prefix}${r}`. */
export interface Collected {
  prefix: string;
  pairs: Float64Array;
}

/** Distances and rows share 32 bits. */
export const distanceBits = 6;

/** Pairs in a range's buffer. */
const capacity = 1 << 13;
/** Numbers of the corpus read at once. */
const readAtOnce = 1 << 16;

/** A pair is two numbers: (row - first row of the range) · 64 + distance, and the column. */
export function collectPairs(input: CollectInput): Collected {
  const { ids, from, to, window, seed, keep, rangeOf, firstRows, folder } = input;
  const prefix = join(folder, `pairs-${threadId}-`);
  const buffers = Array.from(firstRows, () => new Uint32Array(2 * capacity));
  const held = new Int32Array(firstRows.length);
  const pairs = new Float64Array(firstRows.length);

  function flush(range: number): void {
    const file = openSync(prefix + range, "a");
    try {
      writeWhole(file, new Uint8Array(buffers[range].buffer, 0, 8 * held[range]));
    } finally {
      closeSync(file);
    }
    pairs[range] += held[range];
    held[range] = 0;
  }

  function put(row: number, column: number, distance: number): void {
    const range = rangeOf[row];
    if (held[range] === capacity) flush(range);
    const at = 2 * held[range]++;
    buffers[range][at] = ((row - firstRows[range]) << distanceBits) | distance;
    buffers[range][at + 1] = column;
  }

  // The last `window` words that stayed, as a ring. A pair belongs to the stretch of its left word: beyond `to`, words
  // only complete the pairs of those before.
  const ring = new Int32Array(window);
  const isInside = new Uint8Array(window);
  let stayed = 0;
  let beyond = 0;
  const file = openSync(input.corpus, "r");
  const numbers = new Int32Array(readAtOnce);
  try {
    for (let start = from; beyond < window; start += readAtOnce) {
      const count = readNumbers(file, numbers, start);
      for (let i = 0; i < count && beyond < window; i++) {
        const position = start + i;
        if (numbers[i] === textEnd) {
          if (position >= to) beyond = window;
          stayed = 0;
          continue;
        }
        const word = ids[numbers[i]];
        if (word < 0 || mixSeed(seed, position) > keep[word]) continue;
        const near = Math.min(stayed, window);
        for (let distance = 1; distance <= near; distance++) {
          const at = (stayed - distance) % window;
          if (!isInside[at]) continue;
          put(ring[at], word, distance);
          put(word, ring[at], distance);
        }
        ring[stayed % window] = word;
        isInside[stayed % window] = position < to ? 1 : 0;
        stayed++;
        if (position >= to) beyond++;
      }
      if (count < readAtOnce) break;
    }
  } finally {
    closeSync(file);
  }
  for (let range = 0; range < firstRows.length; range++) if (held[range] > 0) flush(range);
  return { prefix, pairs };
}
