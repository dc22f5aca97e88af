// Words and vectors that come one by one, from a file whose length is not to be trusted.
import { createWordVectors, type WordVectors } from "./word-vectors.js";

export interface VectorList {
  readonly length: number;
  /** Words that came again; the first one counts. */
  readonly repeated: number;
  /** The row to fill for a new word; undefined for one that was there. Valid until the next call. */
  add(word: string): Float32Array | undefined;
  finish(): WordVectors;
}

export function createVectorList(dim: number, expected: number): VectorList {
  const words: string[] = [];
  const seen = new Set<string>();
  let rows = new Float32Array(Math.max(1, expected) * dim);
  let repeated = 0;
  return {
    get length() {
      return words.length;
    },
    get repeated() {
      return repeated;
    },
    add(word) {
      if (seen.has(word)) {
        repeated++;
        return undefined;
      }
      seen.add(word);
      const start = words.length * dim;
      words.push(word);
      if (start + dim > rows.length) {
        const longer = new Float32Array(2 * rows.length);
        longer.set(rows);
        rows = longer;
      }
      return rows.subarray(start, start + dim);
    },
    finish() {
      const length = words.length * dim;
      return createWordVectors({
        words,
        dim,
        vectors: rows.length === length ? rows : rows.slice(0, length),
        segmented: true,
      });
    },
  };
}
