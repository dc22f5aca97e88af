// Vectors of rows from vectors of tokens: the plain mean, since each token's vector holds its weight.
import type { TokenReader } from "../embeddings/token-reader.js";
import type { WordLookup } from "../embeddings/word-vectors.js";
import { unitRows } from "../networks/unit-rows.js";

/** @returns vectors (texts, dim) of unit length; a row of no known token has only zeros and is not `known` */
export function encodeTokenRows(
  { dim, vectorAt }: WordLookup,
  { encode }: TokenReader,
  texts: readonly string[],
): { vectors: Float32Array; known: Uint8Array } {
  const vectors = new Float32Array(texts.length * dim);
  const sum = new Float64Array(dim);
  for (const [row, text] of texts.entries()) {
    sum.fill(0);
    for (const id of encode(text)) {
      const vector = vectorAt(id);
      for (let d = 0; d < dim; d++) sum[d] += vector[d];
    }
    vectors.set(sum, row * dim);
  }
  return unitRows(vectors, texts.length, dim);
}
