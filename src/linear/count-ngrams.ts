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
  /** For each id its last entry and the number of rows in which it occurs, shape (≥ table.size, 2). */
  uses: Int32Array;
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
  let uses = new Int32Array(table.hashes.length);
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
      if (2 * id >= uses.length) uses = grown(uses, table.hashes.length);
      const entry = uses[2 * id];
      // A new id has entry 0 and no rows.
      if (entry >= start && uses[2 * id + 1] > 0) counts[entry]++;
      else {
        ids[entries] = id;
        counts[entries] = 1;
        uses[2 * id] = entries++;
        uses[2 * id + 1]++;
      }
    }
    rowStart[++row] = entries;
  }
  return { add, done: () => ({ table, uses, rowStart, ids, counts }) };
}

function grown<T extends Int32Array | Float32Array>(values: T, needed: number): T {
  const longer = new (values.constructor as new (length: number) => T)(Math.max(needed, values.length * 2));
  longer.set(values);
  return longer;
}
