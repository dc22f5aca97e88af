// Rows that are most like a text to a model: by the cosine of what its last layer reads. They show what the model takes for alike; it
// may not have learned its answer from them.

import { CancelledError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import type { TextModel } from "../tasks/index.js";

export interface NearRow {
  /** In the table, from 0. */
  row: number;
  text: string;
  label: string;
  /** Cosine. */
  similarity: number;
}

const textsAtOnce = 512;

/** Of each row the cosine with the text. */
export async function similarities(
  { encode }: NonNullable<TextModel["encoder"]>,
  text: string,
  rows: readonly string[],
  { onProgress, signal }: Watch = {},
): Promise<Float64Array> {
  const own = await encode([text]);
  const found = new Float64Array(rows.length);
  for (let from = 0; from < rows.length; from += textsAtOnce) {
    if (signal?.aborted) throw new CancelledError();
    onProgress?.({ stage: "comparing rows", done: from, total: rows.length });
    const vectors = await encode(rows.slice(from, from + textsAtOnce));
    for (let row = from; row < Math.min(rows.length, from + textsAtOnce); row++)
      found[row] = cosine(own, vectors.subarray((row - from) * own.length, (row - from + 1) * own.length));
  }
  return found;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** The nearest of those that are wanted, the nearest first. */
export function nearest(similarity: Float64Array, count: number, isWanted: (row: number) => boolean): number[] {
  return [...similarity.keys()]
    .filter(isWanted)
    .sort((a, b) => similarity[b] - similarity[a] || a - b)
    .slice(0, count);
}
