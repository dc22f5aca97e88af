// Vectors of texts as of unit length: the inner product of two is their cosine.

/** In place. @param vectors row-major (rows, dim) @returns rows with a length, which are then `known`, have length 1 */
export function unitRows(
  vectors: Float32Array,
  rows: number,
  dim: number,
): { vectors: Float32Array; known: Uint8Array } {
  const known = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let d = 0; d < dim; d++) square += vectors[row * dim + d] ** 2;
    if (square < 1e-18) continue;
    const scale = 1 / Math.sqrt(square);
    for (let d = 0; d < dim; d++) vectors[row * dim + d] *= scale;
    known[row] = 1;
  }
  return { vectors, known };
}
