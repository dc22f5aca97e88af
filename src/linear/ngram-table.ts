// 64-bit hashes to ids 0, 1, 2, …: open addressing with linear probing on typed arrays. Knows no texts.
import { UserError } from "../base/errors.js";

export interface NgramTable {
  /** Number of ids. */
  size: number;
  /** Both halves of the hash of each id side by side, shape (≥ size, 2): high, low. */
  hashes: Int32Array;
  /** Id + 1 in each slot, 0 where free; the length is a power of two. */
  slots: Int32Array;
}

export function createNgramTable(expected = 1024): NgramTable {
  let length = 1024;
  while (length < expected * 2) length *= 2;
  return { size: 0, hashes: new Int32Array(length), slots: new Int32Array(length) };
}

/** The id of a hash, or −1. Both halves are signed 32-bit integers; `low` must be well mixed: it chooses the slot. */
export function findNgram({ slots, hashes }: NgramTable, high: number, low: number): number {
  const mask = slots.length - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const id = slots[slot] - 1;
    if (id < 0 || (hashes[2 * id + 1] === low && hashes[2 * id] === high)) return id;
  }
}

/** The id of a hash; a new one is given the next id. */
export function insertNgram(table: NgramTable, high: number, low: number): number {
  const { slots, hashes } = table;
  const mask = slots.length - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const id = slots[slot] - 1;
    if (id < 0) {
      const fresh = table.size++;
      hashes[2 * fresh] = high;
      hashes[2 * fresh + 1] = low;
      slots[slot] = fresh + 1;
      if (table.size * 2 >= slots.length) grow(table);
      return fresh;
    }
    if (hashes[2 * id + 1] === low && hashes[2 * id] === high) return id;
  }
}

/** Slots that a hash is looked for in, on the average: far more than mixed ones need in a table that is half empty. */
const mostProbes = 16;

/**
 * A table of known hashes, shape (ids, 2), in the order of their ids. They may come from a stranger: hashes that all meet in one
 * slot would take their square in time.
 *
 * @throws UserError when one comes twice, or they are not well mixed
 */
export function ngramTableOf(hashes: Int32Array): NgramTable {
  const count = hashes.length / 2;
  const table = createNgramTable(count);
  const { slots } = table;
  const mask = slots.length - 1;
  let left = mostProbes * (count + slots.length);
  for (let at = 0; at < hashes.length; at += 2) {
    let slot = hashes[at + 1] & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = 2 * (slots[slot] - 1);
      if (--left < 0 || (hashes[other + 1] === hashes[at + 1] && hashes[other] === hashes[at]))
        throw new UserError(
          "the hashes of the linear model's n-grams are not distinct and well mixed; the model folder is damaged",
        );
    }
    slots[slot] = at / 2 + 1;
  }
  table.hashes.set(hashes);
  table.size = count;
  return table;
}

function grow(table: NgramTable): void {
  const slots = new Int32Array(table.slots.length * 2);
  const mask = slots.length - 1;
  for (let id = 0; id < table.size; id++) {
    let slot = table.hashes[2 * id + 1] & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id + 1;
  }
  const hashes = new Int32Array(slots.length);
  hashes.set(table.hashes);
  table.slots = slots;
  table.hashes = hashes;
}
