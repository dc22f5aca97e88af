// Least squares with an L2 penalty on sparse rows, for several penalties at the cost of one. Knows no texts.
import type { SparseRows } from "./sparse-rows.js";

export interface RidgeProblem {
  x: SparseRows;
  /** The rows to learn from. */
  rows: Int32Array;
  /** Each above 0. */
  penalties: readonly number[];
  /** Length of the residual, relative to that of the right side, at which it stops. */
  tolerance: number;
  maxSteps?: number;
}

/** The system of one penalty. */
interface Shifted {
  /** How much more than the least penalty. */
  shift: number;
  solution: Float64Array;
  direction: Float64Array;
  /** Its residual is ζ times that of the system with the least penalty: now, and one step before. */
  zeta: number;
  zetaBefore: number;
}

/**
 * The dual of ridge regression with a free intercept: the solutions a of (C X Xᵀ C + λI) a = C y for each penalty λ, in their
 * order, with C = I − 11ᵀ/n. The systems differ by a multiple of the identity, so conjugate gradients go through the same
 * subspaces in all of them, and a step takes one product with X and one with Xᵀ. Yields after each step.
 *
 * Source: Frommer and Maass, "Fast CG-Based Methods for Tikhonov–Phillips Regularization" (1999).
 *
 * @param y one number for each of `rows`
 */
export function* solveDual(problem: RidgeProblem, y: Float64Array): Generator<void, Float64Array[]> {
  const { x, rows, penalties, tolerance, maxSteps = 500 } = problem;
  const least = Math.min(...penalties);
  const residual = y.slice();
  centre(residual);
  const systems = penalties.map(
    (penalty): Shifted => ({
      shift: penalty - least,
      solution: new Float64Array(rows.length),
      direction: residual.slice(),
      zeta: 1,
      zetaBefore: 1,
    }),
  );
  const direction = residual.slice();
  const product = new Float64Array(rows.length);
  const sums = new Float64Array(x.features);
  let squares = dot(residual, residual);
  const enough = squares * tolerance ** 2;
  let [lengthBefore, growthBefore] = [1, 0];
  for (let step = 0; step < maxSteps && squares > enough; step++) {
    transposedProduct(x, rows, direction, sums);
    product.set(rowProducts(x, rows, sums));
    centre(product);
    for (let i = 0; i < product.length; i++) product[i] += least * direction[i];
    const length = squares / dot(direction, product);
    for (let i = 0; i < residual.length; i++) residual[i] -= length * product[i];
    const squaresAfter = dot(residual, residual);
    const growth = squaresAfter / squares;
    for (const system of systems) {
      const { shift, zeta, zetaBefore, solution, direction: own } = system;
      if (zeta * zeta * squares <= enough) continue;
      const next =
        (zeta * zetaBefore * lengthBefore) /
        (length * growthBefore * (zetaBefore - zeta) + zetaBefore * lengthBefore * (1 + shift * length));
      const ratio = next / zeta;
      const [ownLength, ownGrowth] = [length * ratio, growth * ratio * ratio];
      for (let i = 0; i < solution.length; i++) {
        solution[i] += ownLength * own[i];
        own[i] = next * residual[i] + ownGrowth * own[i];
      }
      system.zetaBefore = zeta;
      system.zeta = next;
    }
    for (let i = 0; i < direction.length; i++) direction[i] = residual[i] + growth * direction[i];
    [squares, lengthBefore, growthBefore] = [squaresAfter, length, growth];
    yield;
  }
  return systems.map(({ solution }) => solution);
}

/**
 * From a solution of the dual to that of  min over w, b:  Σ (yᵢ − w·xᵢ − b)² + λ‖w‖².
 *
 * @returns weights of shape (features)
 */
export function ridgeWeights(
  { x, rows }: Pick<RidgeProblem, "x" | "rows">,
  y: Float64Array,
  dual: Float64Array,
): { weights: Float64Array; bias: number } {
  const weights = new Float64Array(x.features);
  transposedProduct(x, rows, dual, weights);
  const products = rowProducts(x, rows, weights);
  return { weights, bias: meanOf(y) - meanOf(products) };
}

/** sums = Xᵀ v. */
function transposedProduct(x: SparseRows, rows: Int32Array, v: Float64Array, sums: Float64Array): void {
  const { start, ids, values } = x;
  sums.fill(0);
  for (let i = 0; i < rows.length; i++) {
    const factor = v[i];
    const end = start[rows[i] + 1];
    for (let at = start[rows[i]]; at < end; at++) sums[ids[at]] += factor * values[at];
  }
}

/** X w. */
function rowProducts(x: SparseRows, rows: Int32Array, w: Float64Array): Float64Array {
  const { start, ids, values } = x;
  const products = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    let sum = 0;
    const end = start[rows[i] + 1];
    for (let at = start[rows[i]]; at < end; at++) sum += w[ids[at]] * values[at];
    products[i] = sum;
  }
  return products;
}

function meanOf(v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i];
  return v.length === 0 ? 0 : sum / v.length;
}

function centre(v: Float64Array): void {
  const mean = meanOf(v);
  for (let i = 0; i < v.length; i++) v[i] -= mean;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
