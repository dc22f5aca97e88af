// First pass over the training texts: which n-grams occur, in how many rows, how often in each row.
import type { NgramScanner } from "./ngram-scanner.js";
import { createNgramTable, insertNgram, type NgramTable } from "./ngram-table.js";

/** Counts as sparse rows; ids of the word n-grams and of the character n-grams are apart. */
export interface NgramCounts {
  words: BlockCounts;
  characters: BlockCounts;
}

/** One block of features: its n-grams and, row after row, the ids and counts of each text. */
export interface BlockCounts {
  table: NgramTable;
  /** Rows in which each id occurs, shape (≥ table.size). */
  rowsOf: Int32Array;
  /** Entries of row r are [rowStart[r], rowStart[r + 1]); shape (rows + 1). */
  rowStart: Float64Array;
  /** Shape (≥ entries). */
  ids: Int32Array;
  counts: Float32Array;
}

export interface BlockCounter {
  add(scanner: NgramScanner, from: number, to: number): void;
  done(): BlockCounts;
}

/** Counts the n-grams of one block; call `add` once a row with the scanner's range that belongs to the block. */
export function createBlockCounter(rows: number): BlockCounter {
  const table = createNgramTable(1 << 14);
  const rowStart = new Float64Array(rows + 1);
  let rowsOf = new Int32Array(table.high.length);
  /** Entry of each id in the current row, if it is ≥ the row's start. */
  let entryOf = new Int32Array(table.high.length).fill(-1);
  let ids = new Int32Array(1 << 16);
  let counts = new Float32Array(1 << 16);
  let row = 0;
  let entries = 0;

  function add(scanner: NgramScanner, from: number, to: number): void {
    const start = entries;
    const { high, low } = scanner;
    if (ids.length < entries + to - from) {
      ids = grown(ids, entries + to - from);
      counts = grown(counts, entries + to - from);
    }
    for (let i = from; i < to; i++) {
      const id = insertNgram(table, high[i], low[i]);
      if (id >= rowsOf.length) {
        rowsOf = grown(rowsOf, table.high.length);
        const longer = new Int32Array(rowsOf.length).fill(-1);
        longer.set(entryOf);
        entryOf = longer;
      }
      const entry = entryOf[id];
      if (entry >= start) counts[entry]++;
      else {
        ids[entries] = id;
        counts[entries] = 1;
        entryOf[id] = entries++;
        rowsOf[id]++;
      }
    }
    rowStart[++row] = entries;
  }
  return { add, done: () => ({ table, rowsOf, rowStart, ids, counts }) };
}

function grown<T extends Int32Array | Float32Array>(values: T, needed: number): T {
  const longer = new (values.constructor as new (length: number) => T)(Math.max(needed, values.length * 2));
  longer.set(values);
  return longer;
}
