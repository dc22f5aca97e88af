// The rows of a token table that training texts look up. Most of a large vocabulary does not occur in them: training sees a
// small table, and its rows go back to their places in the whole one.
import type { NetworkWeights } from "../network-weights.js";

export interface TokenRows {
  /** Rows of the whole table, ascending. */
  rows: Int32Array;
  /** The same texts, with the places in `rows` for ids. */
  texts: Int32Array[];
}

export function occurringTokens(texts: readonly Int32Array[], vocabSize: number): TokenRows {
  const places = new Int32Array(vocabSize);
  for (const ids of texts) for (const id of ids) places[id] = 1;
  let count = 0;
  for (let id = 0; id < vocabSize; id++) places[id] = places[id] === 1 ? ++count : 0;
  const rows = new Int32Array(count);
  for (let id = 0; id < vocabSize; id++) if (places[id] > 0) rows[places[id] - 1] = id;
  return { rows, texts: texts.map((ids) => ids.map((id) => places[id] - 1)) };
}

/** The weights with only some rows of a table. */
export function takeRows(weights: NetworkWeights, table: string, rows: Int32Array): NetworkWeights {
  const { shape, data } = weights.get(table)!;
  const width = shape[1];
  const taken = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) taken.set(data.subarray(row * width, (row + 1) * width), i * width);
  return new Map([...weights, [table, { shape: [rows.length, width], data: taken }]]);
}

/** The weights with the whole table, of which some rows have changed; in shared memory, as threads that look up rows need it. */
export function putRows(
  weights: NetworkWeights,
  table: string,
  rows: Int32Array,
  whole: { shape: readonly number[]; data: Float32Array },
): NetworkWeights {
  const { data } = weights.get(table)!;
  const width = whole.shape[1];
  const put = new Float32Array(new SharedArrayBuffer(whole.data.byteLength));
  put.set(whole.data);
  for (const [i, row] of rows.entries()) put.set(data.subarray(i * width, (i + 1) * width), row * width);
  return new Map([...weights, [table, { shape: whole.shape, data: put }]]);
}
