// The strongest directions of a sparse symmetric matrix. Plain loops over doubles: the same numbers on every machine.
// Source: Halko, Martinsson, Tropp 2011, arXiv:0909.4061, subspace iteration.
import { createRandom } from "../base/random.js";

export interface SparseSymmetric {
  size: number;
  start: Int32Array;
  columns: Int32Array;
  values: Float32Array;
}

/**
 * Eigenvectors U and eigenvalues λ of the `rank` eigenvalues that are largest in size.
 *
 * @returns vectors (size, rank) row-major, and values by falling size
 */
export function strongestEigenvectors(
  matrix: SparseSymmetric,
  rank: number,
  { seed, iterations = 4, onIteration }: { seed: number; iterations?: number; onIteration?: (done: number) => void },
): { vectors: Float64Array; values: Float64Array } {
  const { size } = matrix;
  const width = Math.min(size, rank + 10);
  const random = createRandom(seed);
  let basis: Float64Array = Float64Array.from({ length: size * width }, () => random.normal());
  orthonormalise(basis, size, width);
  for (let done = 0; done < iterations; done++) {
    basis = multiply(matrix, basis, width);
    orthonormalise(basis, size, width);
    onIteration?.(done + 1);
  }
  const product = multiply(matrix, basis, width);
  const small = new Float64Array(width * width);
  for (let row = 0; row < size; row++)
    for (let i = 0; i < width; i++) {
      const factor = basis[row * width + i];
      for (let j = 0; j < width; j++) small[i * width + j] += factor * product[row * width + j];
    }
  const { values, vectors } = jacobi(small, width);
  const order = [...values.keys()].sort((a, b) => Math.abs(values[b]) - Math.abs(values[a])).slice(0, rank);
  const found = new Float64Array(size * order.length);
  for (let row = 0; row < size; row++)
    for (const [at, column] of order.entries()) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += basis[row * width + i] * vectors[i * width + column];
      found[row * order.length + at] = sum;
    }
  return { vectors: found, values: Float64Array.from(order, (column) => values[column]) };
}

function multiply({ size, start, columns, values }: SparseSymmetric, dense: Float64Array, width: number) {
  const result = new Float64Array(size * width);
  for (let row = 0; row < size; row++) {
    const into = row * width;
    for (let at = start[row]; at < start[row + 1]; at++) {
      const value = values[at];
      const from = columns[at] * width;
      for (let j = 0; j < width; j++) result[into + j] += value * dense[from + j];
    }
  }
  return result;
}

/**
 * Columns to an orthonormal set, in place: Q = A R⁻¹ with RᵀR = AᵀA (Cholesky). Where the columns are not independent,
 * Gram–Schmidt, which leaves zeros for those that add nothing.
 */
function orthonormalise(dense: Float64Array, size: number, width: number): void {
  const r = cholesky(gramOf(dense, size, width), width);
  if (!r) {
    gramSchmidt(dense, size, width);
    return;
  }
  for (let row = 0; row < size; row++) {
    const from = row * width;
    for (let i = 0; i < width; i++) {
      const value = dense[from + i] / r[i * width + i];
      dense[from + i] = value;
      for (let j = i + 1; j < width; j++) dense[from + j] -= value * r[i * width + j];
    }
  }
}

/** AᵀA, its upper half. */
function gramOf(dense: Float64Array, size: number, width: number): Float64Array {
  const gram = new Float64Array(width * width);
  for (let row = 0; row < size; row++) {
    const from = row * width;
    for (let i = 0; i < width; i++) {
      const factor = dense[from + i];
      for (let j = i; j < width; j++) gram[i * width + j] += factor * dense[from + j];
    }
  }
  return gram;
}

/** The upper R with RᵀR = gram, or undefined where a column is (nearly) made of those before it. */
function cholesky(gram: Float64Array, width: number): Float64Array | undefined {
  const r = gram.slice();
  for (let i = 0; i < width; i++) {
    if (!(r[i * width + i] > 1e-9 * gram[i * width + i])) return undefined;
    const diagonal = Math.sqrt(r[i * width + i]);
    for (let j = i; j < width; j++) r[i * width + j] /= diagonal;
    for (let k = i + 1; k < width; k++) {
      const factor = r[i * width + k];
      for (let j = k; j < width; j++) r[k * width + j] -= factor * r[i * width + j];
    }
  }
  return r;
}

function gramSchmidt(dense: Float64Array, size: number, width: number): void {
  for (let j = 0; j < width; j++) {
    const lengthOf = () => {
      let square = 0;
      for (let row = 0; row < size; row++) square += dense[row * width + j] ** 2;
      return Math.sqrt(square);
    };
    const before = lengthOf();
    for (let pass = 0; pass < 2; pass++)
      for (let k = 0; k < j; k++) {
        let dot = 0;
        for (let row = 0; row < size; row++) dot += dense[row * width + j] * dense[row * width + k];
        for (let row = 0; row < size; row++) dense[row * width + j] -= dot * dense[row * width + k];
      }
    const length = lengthOf();
    const scale = length > 1e-10 * before ? 1 / length : 0;
    for (let row = 0; row < size; row++) dense[row * width + j] *= scale;
  }
}

/** All eigenvalues and eigenvectors (columns) of a small symmetric matrix, by Jacobi's rotations. */
function jacobi(symmetric: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = symmetric.slice();
  /** Transposed: an eigenvector is a row, so that a rotation runs along memory. */
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 30; sweep++) {
    let [off, diagonal] = [0, 0];
    for (let i = 0; i < n; i++) {
      diagonal += a[i * n + i] ** 2;
      for (let j = 0; j < i; j++) off += a[i * n + j] ** 2;
    }
    if (off <= 1e-22 * diagonal) break;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q];
        if (Math.abs(apq) < 1e-300) continue;
        const theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k * n + p], a[k * n + q]];
          a[k * n + p] = c * x - s * y;
          a[k * n + q] = s * x + c * y;
        }
        rotate(a, p * n, q * n, n, c, s);
        rotate(v, p * n, q * n, n, c, s);
      }
  }
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) vectors[j * n + i] = v[i * n + j];
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), vectors };
}

function rotate(values: Float64Array, p: number, q: number, n: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const [x, y] = [values[p + k], values[q + k]];
    values[p + k] = c * x - s * y;
    values[q + k] = s * x + c * y;
  }
}
