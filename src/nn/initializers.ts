// First values of parameters, from the seed and the parameter's full name alone: adding a layer changes no other.
import { createRandom, mixSeed, type Random } from "../base/random.js";

/**
 * glorotUniform: U(±√(6 / (in + out))), X. Glorot, Y. Bengio 2010; orthogonal: A. Saxe et al. 2013, arXiv:1312.6120;
 * lstmBias: zeros, and 1 for the forget gate (gates i f o g), R. Jozefowicz et al. 2015.
 */
export type Initializer =
  | "zeros"
  | "ones"
  | "glorotUniform"
  | "orthogonal"
  | "lstmBias"
  | { constant: number }
  | { uniform: number }
  | { normal: number };

/**
 * @example
 * initialValues("glorotUniform", [4, 3], "dense/kernel", 7); // Float32Array of 12
 */
export function initialValues(
  initializer: Initializer,
  shape: readonly number[],
  name: string,
  seed: number,
): Float32Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = new Float32Array(length);
  const random = createRandom(mixSeed(seed, hashName(name)));
  if (initializer === "zeros") return values;
  if (initializer === "ones") return values.fill(1);
  if (initializer === "lstmBias") return values.fill(1, length / 4, length / 2);
  if (initializer === "orthogonal") return orthogonal(shape, random);
  if (typeof initializer === "object" && "constant" in initializer) return values.fill(initializer.constant);
  if (typeof initializer === "object" && "normal" in initializer)
    return values.map(() => initializer.normal * random.normal());
  const limit = initializer === "glorotUniform" ? glorotLimit(shape) : initializer.uniform;
  for (let i = 0; i < length; i++) values[i] = limit * (2 * random.float() - 1);
  return values;
}

/** Matrices (in, out) or (out, in): the sum is the same. Convolutions (width, in, out). */
function glorotLimit(shape: readonly number[]): number {
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  const [fanIn, fanOut] = shape.slice(-2);
  return Math.sqrt(6 / (field * (fanIn + fanOut)));
}

/** A random matrix (rows ≥ columns) whose columns are orthonormal: Gram–Schmidt, each column twice for accuracy. */
function orthogonal([rows, columns]: readonly number[], random: Random): Float32Array {
  const basis: Float64Array[] = [];
  for (let c = 0; c < columns; c++) {
    const column = Float64Array.from({ length: rows }, () => random.normal());
    for (const other of [...basis, ...basis]) {
      let product = 0;
      for (let r = 0; r < rows; r++) product += column[r] * other[r];
      for (let r = 0; r < rows; r++) column[r] -= product * other[r];
    }
    const norm = Math.hypot(...column);
    basis.push(column.map((value) => value / norm));
  }
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) values[r * columns + c] = basis[c][r];
  return values;
}

/** FNV-1a, 32 bits. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
