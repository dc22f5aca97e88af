// 64-bit hashes to ids 0, 1, 2, …: open addressing with linear probing on typed arrays. Knows no texts.

export interface NgramTable {
  /** Number of ids. */
  size: number;
  /** The hash of each id, shape (≥ size). */
  high: Uint32Array;
  low: Uint32Array;
  /** Id + 1 in each slot, 0 where free; the length is a power of two. */
  slots: Int32Array;
}

export function createNgramTable(expected = 1024): NgramTable {
  let length = 1024;
  while (length < expected * 2) length *= 2;
  const high = new Uint32Array(Math.max(expected, length >> 1));
  return { size: 0, high, low: new Uint32Array(high.length), slots: new Int32Array(length) };
}

/** The id of a hash, or −1. `low` must be well mixed: it chooses the slot. */
export function findNgram(table: NgramTable, high: number, low: number): number {
  const { slots } = table;
  const mask = slots.length - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const id = slots[slot] - 1;
    if (id < 0 || (table.low[id] === low >>> 0 && table.high[id] === high >>> 0)) return id;
  }
}

/** The id of a hash; a new one is given the next id. */
export function insertNgram(table: NgramTable, high: number, low: number): number {
  const { slots } = table;
  const mask = slots.length - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const id = slots[slot] - 1;
    if (id < 0) {
      const fresh = table.size++;
      table.high[fresh] = high;
      table.low[fresh] = low;
      slots[slot] = fresh + 1;
      if (table.size * 2 >= slots.length) grow(table);
      return fresh;
    }
    if (table.low[id] === low >>> 0 && table.high[id] === high >>> 0) return id;
  }
}

/** A table of known hashes in the order of their ids. */
export function ngramTableOf(high: Uint32Array, low: Uint32Array): NgramTable {
  const table = createNgramTable(high.length);
  for (let id = 0; id < high.length; id++) insertNgram(table, high[id], low[id]);
  return table;
}

function grow(table: NgramTable): void {
  const slots = new Int32Array(table.slots.length * 2);
  const mask = slots.length - 1;
  for (let id = 0; id < table.size; id++) {
    let slot = table.low[id] & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id + 1;
  }
  table.slots = slots;
  const high = new Uint32Array(slots.length >> 1);
  high.set(table.high);
  const low = new Uint32Array(slots.length >> 1);
  low.set(table.low);
  table.high = high;
  table.low = low;
}
