// Remembers the pieces of words, found by their UTF-16 units without making a string. Knows no tokenizer.
// An open-addressing hash table over two arenas; it holds no text alive, and is emptied when full.

export interface WordCache {
  /** Entry + 1 by hash, 0 where none is; a power of two long, at most half full. */
  slots: Int32Array;
  hashes: Int32Array;
  /** Entry e holds units [unitsAt[e], unitsAt[e + 1]) and pieces [piecesAt[e], piecesAt[e + 1]). */
  unitsAt: Int32Array;
  piecesAt: Int32Array;
  units: Uint16Array;
  pieces: Int32Array;
  count: number;
}

const mostWords = 1 << 18;

export function createWordCache(): WordCache {
  return {
    slots: new Int32Array(1 << 12),
    hashes: new Int32Array(1 << 11),
    unitsAt: new Int32Array((1 << 11) + 1),
    piecesAt: new Int32Array((1 << 11) + 1),
    units: new Uint16Array(1 << 14),
    pieces: new Int32Array(1 << 13),
    count: 0,
  };
}

/** The entry of the word `source.slice(from, to)`; `spell` is asked for the ids of a new one. */
export function cachedEntry(
  cache: WordCache,
  source: string,
  from: number,
  to: number,
  spell: (word: string) => readonly number[],
): number {
  // FNV-1a on units, its bits mixed once more because only the low ones choose the slot.
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ source.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  const { slots, hashes, unitsAt, units } = cache;
  const mask = slots.length - 1;
  const length = to - from;
  let slot = hash & mask;
  search: for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
    const entry = slots[slot] - 1;
    const at = unitsAt[entry];
    if (hashes[entry] !== hash || unitsAt[entry + 1] - at !== length) continue;
    for (let i = 0; i < length; i++) if (units[at + i] !== source.charCodeAt(from + i)) continue search;
    return entry;
  }
  return insert(cache, source, from, to, hash, spell(source.slice(from, to)));
}

function insert(
  cache: WordCache,
  source: string,
  from: number,
  to: number,
  hash: number,
  pieces: readonly number[],
): number {
  if (cache.count === mostWords) {
    cache.slots.fill(0);
    cache.count = 0;
  } else if (cache.count === cache.hashes.length) grow(cache);
  const entry = cache.count++;
  const unitsAt = cache.unitsAt[entry];
  const piecesAt = cache.piecesAt[entry];
  if (unitsAt + to - from > cache.units.length) {
    const units = new Uint16Array(2 * cache.units.length + to - from);
    units.set(cache.units);
    cache.units = units;
  }
  if (piecesAt + pieces.length > cache.pieces.length) {
    const longer = new Int32Array(2 * cache.pieces.length + pieces.length);
    longer.set(cache.pieces);
    cache.pieces = longer;
  }
  for (let i = from; i < to; i++) cache.units[unitsAt + i - from] = source.charCodeAt(i);
  cache.pieces.set(pieces, piecesAt);
  cache.unitsAt[entry + 1] = unitsAt + to - from;
  cache.piecesAt[entry + 1] = piecesAt + pieces.length;
  cache.hashes[entry] = hash;
  place(cache.slots, hash, entry);
  return entry;
}

function grow(cache: WordCache): void {
  const size = 2 * cache.hashes.length;
  const copy = (from: Int32Array, length: number) => {
    const to = new Int32Array(length);
    to.set(from);
    return to;
  };
  cache.hashes = copy(cache.hashes, size);
  cache.unitsAt = copy(cache.unitsAt, size + 1);
  cache.piecesAt = copy(cache.piecesAt, size + 1);
  cache.slots = new Int32Array(2 * size);
  for (let entry = 0; entry < cache.count; entry++) place(cache.slots, cache.hashes[entry], entry);
}

function place(slots: Int32Array, hash: number, entry: number): void {
  const mask = slots.length - 1;
  let slot = hash & mask;
  while (slots[slot] !== 0) slot = (slot + 1) & mask;
  slots[slot] = entry + 1;
}
