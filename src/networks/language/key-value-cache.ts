// The keys and values of the tokens so far, a row each sequence, in arrays that are fed as they are. Grows in steps, so
// that a product never runs over much that is empty.

export interface CacheShape {
  layers: number;
  keyValueHeads: number;
  headWidth: number;
}

export interface KeyValueCache {
  /** Tokens of each row. */
  lengths: number[];
  /** Places of each row. */
  capacity: number;
  /** Keys and values of each layer in turn, (rows, keyValueHeads, capacity, headWidth). */
  arrays: Float32Array[];
  /** (rows, capacity): 0 where a token is, very negative where there is none. */
  bias: Float32Array;
}

const step = 64;
export const farBelow = -1e9;
const roundUp = (places: number) => Math.ceil(places / step) * step;

export function emptyCache(shape: CacheShape, rows: number): KeyValueCache {
  return withPlaces(shape, new Array<number>(rows).fill(0), 1);
}

/** A cache whose rows hold the first `length` tokens of the only row of another one. */
export function repeatBeginning(cache: KeyValueCache, shape: CacheShape, length: number, rows: number): KeyValueCache {
  const { keyValueHeads: heads, headWidth } = shape;
  const made = withPlaces(shape, new Array<number>(rows).fill(length), roundUp(length + 1));
  for (const [i, array] of cache.arrays.entries())
    for (let head = 0; head < heads; head++) {
      const kept = array.subarray(head * cache.capacity * headWidth, (head * cache.capacity + length) * headWidth);
      for (let row = 0; row < rows; row++) made.arrays[i].set(kept, (row * heads + head) * made.capacity * headWidth);
    }
  for (let row = 0; row < rows; row++) made.bias.fill(0, row * made.capacity, row * made.capacity + length);
  return made;
}

/**
 * Adds the keys and values of new tokens. `fresh` (rows, 2 · layers · keyValueHeads, T, headWidth) is what the network
 * gave for `rows` of the cache; counts[i] of its T tokens are real.
 */
export function appendTokens(
  cache: KeyValueCache,
  shape: CacheShape,
  rows: readonly number[],
  fresh: Float32Array,
  counts: readonly number[],
): void {
  const { layers, keyValueHeads: heads, headWidth } = shape;
  const longest = Math.max(...rows.map((row, i) => cache.lengths[row] + counts[i]));
  if (longest > cache.capacity) grow(cache, shape, longest);
  const { arrays, lengths, bias, capacity } = cache;
  const length = fresh.length / (rows.length * 2 * layers * heads * headWidth);
  let from = 0;
  for (const [i, row] of rows.entries()) {
    for (let array = 0; array < 2 * layers; array++)
      for (let head = 0; head < heads; head++) {
        const to = ((row * heads + head) * capacity + lengths[row]) * headWidth;
        const target = arrays[array];
        for (let n = 0; n < counts[i] * headWidth; n++) target[to + n] = fresh[from + n];
        from += length * headWidth;
      }
    bias.fill(0, row * capacity + lengths[row], row * capacity + lengths[row] + counts[i]);
    lengths[row] += counts[i];
  }
}

/** Row i becomes what row parents[i] was. */
export function reorderRows(cache: KeyValueCache, shape: CacheShape, parents: readonly number[]): void {
  if (parents.length === cache.lengths.length && parents.every((parent, row) => parent === row)) return;
  const old = { ...cache };
  const size = shape.keyValueHeads * old.capacity * shape.headWidth;
  cache.lengths = parents.map((parent) => old.lengths[parent]);
  cache.arrays = old.arrays.map((array) => rowsOf(array, size, parents));
  cache.bias = rowsOf(old.bias, old.capacity, parents);
}

/** Forgets what rows hold. */
export function clearRows(cache: KeyValueCache, rows: readonly number[]): void {
  for (const row of rows) {
    cache.lengths[row] = 0;
    cache.bias.fill(farBelow, row * cache.capacity, (row + 1) * cache.capacity);
  }
}

function rowsOf(array: Float32Array, size: number, rows: readonly number[]): Float32Array {
  const chosen = new Float32Array(rows.length * size);
  for (const [i, row] of rows.entries()) chosen.set(array.subarray(row * size, (row + 1) * size), i * size);
  return chosen;
}

function grow(cache: KeyValueCache, shape: CacheShape, longest: number): void {
  const old = { ...cache };
  const { keyValueHeads, headWidth } = shape;
  Object.assign(cache, withPlaces(shape, old.lengths, roundUp(longest)));
  for (let row = 0; row < old.lengths.length; row++) {
    cache.bias.fill(0, row * cache.capacity, row * cache.capacity + old.lengths[row]);
    for (const [i, array] of old.arrays.entries())
      for (let head = row * keyValueHeads; head < (row + 1) * keyValueHeads; head++) {
        const from = head * old.capacity * headWidth;
        const kept = array.subarray(from, from + old.lengths[row] * headWidth);
        cache.arrays[i].set(kept, head * cache.capacity * headWidth);
      }
  }
}

function withPlaces(
  { layers, keyValueHeads, headWidth }: CacheShape,
  lengths: number[],
  capacity: number,
): KeyValueCache {
  const rows = lengths.length;
  return {
    lengths,
    capacity,
    arrays: Array.from({ length: 2 * layers }, () => new Float32Array(rows * keyValueHeads * capacity * headWidth)),
    bias: new Float32Array(rows * capacity).fill(farBelow),
  };
}
