// Which words stand together in a row, and how often. Knows no vectors.
import { words as splitWords } from "../text/index.js";

export interface WordPairs {
  /** Most frequent first; ties in alphabetical order. */
  words: string[];
  counts: Float64Array;
  /** Symmetric matrix (words, words), compressed by rows: entries of row r are [start[r], start[r + 1]). */
  start: Int32Array;
  columns: Int32Array;
  values: Float32Array;
}

export interface PairLimits {
  /** Rarer words are left out. */
  minCount: number;
  mostWords: number;
  /** Words so far apart still stand together. */
  window: number;
  /** Rows after so many pairs are not counted: time and memory stay bounded. */
  mostPairs: number;
}

/** Every pair of unlike words at most `window` apart in a row counts 1, whatever their distance: rows are short. */
export function countPairs(texts: readonly string[], limits: PairLimits): WordPairs {
  const { words, counts, ids } = countWords(texts, limits);
  const table = createPairTable();
  let pairs = 0;
  for (const text of texts) {
    if (pairs > limits.mostPairs) break;
    const row: number[] = [];
    for (const word of splitWords(text)) {
      const id = ids.get(word);
      if (id !== undefined) row.push(id);
    }
    for (let i = 1; i < row.length; i++) {
      for (let j = Math.max(0, i - limits.window); j < i; j++) {
        if (row[i] === row[j]) continue;
        table.add(Math.min(row[i], row[j]), Math.max(row[i], row[j]));
        pairs++;
      }
    }
  }
  return { words, counts, ...compressed(table, words.length) };
}

function countWords(texts: readonly string[], { minCount, mostWords }: PairLimits) {
  const all = new Map<string, number>();
  for (const text of texts) for (const word of splitWords(text)) all.set(word, (all.get(word) ?? 0) + 1);
  const kept = [...all]
    .filter(([word, count]) => count >= minCount && hasLetter.test(word))
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, mostWords);
  const words = kept.map(([word]) => word);
  return {
    words,
    counts: Float64Array.from(kept, ([, count]) => count),
    ids: new Map(words.map((word, id) => [word, id])),
  };
}

const hasLetter = /[\p{L}\p{N}]/u;

/** Open addressing; a pair is its two ids, 0 in `low` marks a free slot (ids are kept plus one). */
function createPairTable() {
  let [low, high, values] = [new Int32Array(1 << 16), new Int32Array(1 << 16), new Float32Array(1 << 16)];
  let size = 0;
  const slotOf = (a: number, b: number, mask: number) => {
    let slot = (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (low[slot] !== 0 && (low[slot] !== a || high[slot] !== b)) slot = (slot + 1) & mask;
    return slot;
  };
  function add(a: number, b: number): void {
    const slot = slotOf(a + 1, b + 1, low.length - 1);
    if (low[slot] === 0) {
      low[slot] = a + 1;
      high[slot] = b + 1;
      size++;
    }
    values[slot]++;
    if (size * 2 > low.length) grow();
  }
  function grow(): void {
    const [oldLow, oldHigh, oldValues] = [low, high, values];
    const length = 2 * low.length;
    [low, high, values] = [new Int32Array(length), new Int32Array(length), new Float32Array(length)];
    for (let i = 0; i < oldLow.length; i++) {
      if (oldLow[i] === 0) continue;
      const slot = slotOf(oldLow[i], oldHigh[i], length - 1);
      [low[slot], high[slot], values[slot]] = [oldLow[i], oldHigh[i], oldValues[i]];
    }
  }
  function each(visit: (a: number, b: number, value: number) => void): void {
    for (let i = 0; i < low.length; i++) if (low[i] !== 0) visit(low[i] - 1, high[i] - 1, values[i]);
  }
  return { add, each };
}

function compressed(table: ReturnType<typeof createPairTable>, words: number) {
  const start = new Int32Array(words + 1);
  table.each((a, b) => {
    start[a + 1]++;
    start[b + 1]++;
  });
  for (let word = 0; word < words; word++) start[word + 1] += start[word];
  const place = start.slice();
  const columns = new Int32Array(start[words]);
  const values = new Float32Array(start[words]);
  table.each((a, b, value) => {
    columns[place[a]] = b;
    values[place[a]++] = value;
    columns[place[b]] = a;
    values[place[b]++] = value;
  });
  return { start, columns, values };
}
