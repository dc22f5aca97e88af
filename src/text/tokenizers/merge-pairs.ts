// Applies the merges of a byte-pair vocabulary to one word. Knows no bytes and no texts.
import { findPair, type PairTable } from "../pair-table.js";

/** Merges by rank: pair i of the table becomes `merged[i]`; the lowest is merged first. */
export interface Merges {
  pairs: PairTable;
  merged: Int32Array;
}

/** Positions and ranks share one number: rank * 2^31 + position, exact up to 2^22 merges. */
const positions = 2 ** 31;
export const mostMerges = 2 ** 22;

/**
 * Merges the pair of lowest rank, of equals the first, until none is left. Takes time n log n: words of a million
 * characters are no trouble.
 *
 * @param symbols - the word's ids; changed in place.
 * @returns how many are left, at the beginning of `symbols`.
 */
export function mergePairs({ pairs, merged }: Merges, symbols: Int32Array): number {
  const count = symbols.length;
  // A merged symbol stands where its left part stood; the place of its right part becomes -1.
  const next = new Int32Array(count);
  const previous = new Int32Array(count);
  const heap: number[] = [];
  const consider = (left: number, right: number): void => {
    const rank = findPair(pairs, symbols[left], symbols[right]);
    if (rank >= 0) push(heap, rank * positions + left);
  };
  for (let i = 0; i < count; i++) {
    previous[i] = i - 1;
    next[i] = i + 1;
    if (i > 0) consider(i - 1, i);
  }
  while (heap.length > 0) {
    const lowest = pop(heap);
    const rank = Math.floor(lowest / positions);
    const at = lowest - rank * positions;
    const right = next[at];
    // The pair may have gone since it was queued.
    if (right >= count || symbols[at] !== pairs.lefts[rank] || symbols[right] !== pairs.rights[rank]) continue;
    symbols[at] = merged[rank];
    symbols[right] = -1;
    next[at] = next[right];
    if (next[at] < count) {
      previous[next[at]] = at;
      consider(at, next[at]);
    }
    if (previous[at] >= 0) consider(previous[at], at);
  }
  let left = 0;
  for (let i = 0; i < count; i = next[i]) symbols[left++] = symbols[i];
  return left;
}

/** Into a binary heap of numbers, the lowest first. */
function push(heap: number[], value: number): void {
  let i = heap.length;
  heap.push(value);
  for (let parent = (i - 1) >> 1; i > 0 && value < heap[parent]; parent = (i - 1) >> 1) {
    heap[i] = heap[parent];
    i = parent;
  }
  heap[i] = value;
}

function pop(heap: number[]): number {
  const lowest = heap[0];
  const last = heap.pop()!;
  if (heap.length === 0) return lowest;
  let i = 0;
  for (let child = 1; child < heap.length; child = 2 * i + 1) {
    if (child + 1 < heap.length && heap[child + 1] < heap[child]) child++;
    if (heap[child] >= last) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = last;
  return lowest;
}
