// Numbers distinct pairs of ids. Open addressing on typed arrays: a Map of such keys takes three times the time and memory.

/** Pairs by number, from 0 in the order of coming. */
export interface PairTable {
  count: number;
  lefts: Int32Array;
  rights: Int32Array;
  /** Number + 1 by hash, 0 where none is; a power of two long, at most half full. */
  slots: Int32Array;
}

export function createPairTable(room = 1 << 10): PairTable {
  let size = 1 << 10;
  while (size < room) size *= 2;
  return { count: 0, lefts: new Int32Array(size), rights: new Int32Array(size), slots: new Int32Array(2 * size) };
}

/** The number of a pair, or -1. */
export function findPair({ lefts, rights, slots }: PairTable, left: number, right: number): number {
  const mask = slots.length - 1;
  for (let slot = hash(left, right) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
    const number = slots[slot] - 1;
    if (lefts[number] === left && rights[number] === right) return number;
  }
  return -1;
}

/** The number of a pair; a new pair gets the next one, so that `count` has grown. */
export function numberOfPair(table: PairTable, left: number, right: number): number {
  const known = findPair(table, left, right);
  if (known >= 0) return known;
  if (table.count === table.lefts.length) grow(table);
  const number = table.count++;
  table.lefts[number] = left;
  table.rights[number] = right;
  place(table, number);
  return number;
}

function grow(table: PairTable): void {
  const { lefts, rights } = table;
  table.lefts = new Int32Array(2 * lefts.length);
  table.rights = new Int32Array(2 * lefts.length);
  table.lefts.set(lefts);
  table.rights.set(rights);
  table.slots = new Int32Array(4 * lefts.length);
  for (let number = 0; number < table.count; number++) place(table, number);
}

function place({ lefts, rights, slots }: PairTable, number: number): void {
  const mask = slots.length - 1;
  let slot = hash(lefts[number], rights[number]) & mask;
  while (slots[slot] !== 0) slot = (slot + 1) & mask;
  slots[slot] = number + 1;
}

function hash(left: number, right: number): number {
  const mixed = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
