// Vectors of texts as more columns beside their n-grams. Knows no encoder.
import type { SparseRows } from "./sparse-rows.js";

export interface TextVectors {
  dim: number;
  /** Row-major (texts, dim), of unit length; a text that says nothing has zeros. */
  values: Float32Array;
}

/** What a model keeps of them: its last `dim` features are numbers of the vector, times `weight`. */
export interface VectorColumns {
  dim: number;
  weight: number;
}

/** What may stand for 1 beside n-grams whose vector has length 1. */
const weights = [0.5, 1, 1.5, 2, 3];
const usual = weights.indexOf(1.5);

/** The same rows with their vectors behind the n-grams. @param chosen the texts that `x` has; undefined for all */
export function withVectors(x: SparseRows, { dim, values }: TextVectors, chosen: Int32Array | undefined): SparseRows {
  const vectorOf = (row: number) => {
    const text = chosen ? chosen[row] : row;
    return values.subarray(text * dim, (text + 1) * dim);
  };
  const start = new Int32Array(x.rows + 1);
  for (let row = 0; row < x.rows; row++)
    start[row + 1] = start[row] + x.start[row + 1] - x.start[row] + (saysNothing(vectorOf(row)) ? 0 : dim);
  const ids = new Int32Array(start[x.rows]);
  const all = new Float32Array(start[x.rows]);
  const own = Int32Array.from({ length: dim }, (_, d) => x.features + d);
  for (let row = 0; row < x.rows; row++) {
    const [from, to] = [x.start[row], x.start[row + 1]];
    ids.set(x.ids.subarray(from, to), start[row]);
    all.set(x.values.subarray(from, to), start[row]);
    const end = start[row] + to - from;
    if (end === start[row + 1]) continue;
    ids.set(own, end);
    all.set(vectorOf(row), end);
  }
  return { rows: x.rows, features: x.features + dim, ngrams: x.features, start, ids, values: all };
}

export const saysNothing = (vector: Float32Array) => vector.every((value) => value === 0);

/** The same rows with their vectors times `weight`. */
function weighVectors(x: SparseRows, weight: number): SparseRows {
  const { ngrams = x.features, ids } = x;
  return { ...x, values: x.values.map((value, at) => (ids[at] < ngrams ? value : weight * value)) };
}

/** Vector of one text, where there are vectors. */
export function vectorOf(vectors: TextVectors | undefined, row: number): Float32Array | undefined {
  return vectors?.values.subarray(row * vectors.dim, (row + 1) * vectors.dim);
}

/**
 * Rows with vectors get their weight: the one that is asked for, or the best.
 *
 * @param lossesOf - of rows with some weight, when they are not learned from; the same rows each time
 */
export async function weighed(
  x: SparseRows,
  asked: number | "auto",
  lossesOf: (x: SparseRows) => Promise<Float64Array>,
): Promise<{ x: SparseRows; vectors?: VectorColumns }> {
  const { features, ngrams } = x;
  if (ngrams === undefined) return { x };
  const weight = asked === "auto" ? await chooseWeight((one) => lossesOf(weighVectors(x, one))) : asked;
  return { x: weighVectors(x, weight), vectors: { dim: features - ngrams, weight } };
}

/** From the usual weight on, as long as the losses fall by more than chance would have it. */
async function chooseWeight(lossesOf: (weight: number) => Promise<Float64Array>): Promise<number> {
  let best = usual;
  let losses = await lossesOf(weights[usual]);
  for (const step of [1, -1]) {
    for (let at = usual + step; weights[at] !== undefined; at += step) {
      const other = await lossesOf(weights[at]);
      if (!fall(losses, other)) break;
      [best, losses] = [at, other];
    }
    if (best !== usual) break;
  }
  return weights[best];
}

/** Whether the mean difference of two losses of the same rows is above twice its standard error: the usual weight is a good one. */
function fall(before: Float64Array, after: Float64Array): boolean {
  const gains = before.map((loss, row) => loss - after[row]);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  return mean > 0 && mean * gains.length > 2 * Math.sqrt(squares);
}
