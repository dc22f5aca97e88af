// Numbers distinct words, found by their UTF-16 units without making a string. Knows nothing of what they stand for.
// Open addressing over an arena of units: it keeps no text alive, as slices of texts in a Map would.

/** Words by number, from 0 in the order of coming. */
export interface WordTable {
  count: number;
  /** Number + 1 by hash, 0 where none is; a power of two long, at most half full. */
  slots: Int32Array;
  hashes: Int32Array;
  /** Word i is units [unitsAt[i], unitsAt[i + 1]). */
  unitsAt: Int32Array;
  units: Uint16Array;
}

const firstSize = 1 << 11;

export function createWordTable(): WordTable {
  return {
    count: 0,
    slots: new Int32Array(2 * firstSize),
    hashes: new Int32Array(firstSize),
    unitsAt: new Int32Array(firstSize + 1),
    units: new Uint16Array(8 * firstSize),
  };
}

/**
 * The number of the word `source.slice(from, to)`; a new word gets the next one, so that `count` has grown.
 *
 * @example
 * const table = createWordTable();
 * numberOf(table, "a film, a film", 2, 6); // 0
 * numberOf(table, "a film, a film", 10, 14); // 0
 */
export function numberOf(table: WordTable, source: string, from: number, to: number): number {
  // FNV-1a over units; its high bits are mixed in because only the low ones choose the slot.
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ source.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  const { slots, hashes, unitsAt, units } = table;
  const mask = slots.length - 1;
  const length = to - from;
  let slot = hash & mask;
  search: for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
    const number = slots[slot] - 1;
    const at = unitsAt[number];
    if (hashes[number] !== hash || unitsAt[number + 1] - at !== length) continue;
    for (let i = 0; i < length; i++) if (units[at + i] !== source.charCodeAt(from + i)) continue search;
    return number;
  }
  return add(table, source, from, to, hash);
}

/** The word of a number. */
export function wordOf({ units, unitsAt }: WordTable, number: number): string {
  let word = "";
  for (let i = unitsAt[number]; i < unitsAt[number + 1]; i++) word += String.fromCharCode(units[i]);
  return word;
}

/** Forgets all words and keeps the memory. */
export function clearWords(table: WordTable): void {
  table.slots.fill(0);
  table.count = 0;
}

function add(table: WordTable, source: string, from: number, to: number, hash: number): number {
  if (table.count === table.hashes.length) grow(table);
  const number = table.count++;
  const at = table.unitsAt[number];
  if (at + to - from > table.units.length) {
    const longer = new Uint16Array(2 * table.units.length + to - from);
    longer.set(table.units);
    table.units = longer;
  }
  for (let i = from; i < to; i++) table.units[at + i - from] = source.charCodeAt(i);
  table.unitsAt[number + 1] = at + to - from;
  table.hashes[number] = hash;
  place(table.slots, hash, number);
  return number;
}

function grow(table: WordTable): void {
  const size = 2 * table.hashes.length;
  table.hashes = resized(table.hashes, size);
  table.unitsAt = resized(table.unitsAt, size + 1);
  table.slots = new Int32Array(2 * size);
  for (let number = 0; number < table.count; number++) place(table.slots, table.hashes[number], number);
}

/** A longer copy, zeros at its end. */
export function resized(values: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length);
  longer.set(values);
  return longer;
}

function place(slots: Int32Array, hash: number, number: number): void {
  const mask = slots.length - 1;
  let slot = hash & mask;
  while (slots[slot] !== 0) slot = (slot + 1) & mask;
  slots[slot] = number + 1;
}
