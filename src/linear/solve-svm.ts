// L2-regularised linear SVM with squared hinge loss, solved in the dual by coordinate descent with shrinking.
// Knows one class against the rest; no texts.
import { createRandom } from "../base/random.js";
import type { SparseRows } from "./sparse-rows.js";

export interface SvmProblem {
  x: SparseRows;
  /** +1 or −1 for each row of `x`. */
  signs: Int8Array;
  /** The rows to learn from. */
  rows: Int32Array;
  C: number;
  /** Largest difference of projected gradients at which it stops. */
  tolerance: number;
  seed: number;
  maxPasses?: number;
  /** Dual variables of a like problem to start from, shape (x.rows): fewer passes, the same solution. */
  duals?: Float32Array;
  /** Where to start instead; weights and bias are those of its duals. */
  begin?: Pick<SvmSolution, "weights" | "bias" | "duals">;
  /** `squaresOf` the problem, where several have the same. */
  squares?: Float64Array;
}

export interface SvmSolution {
  /** Shape (features). */
  weights: Float64Array;
  bias: number;
  /** Shape (x.rows), 0 for rows that were not learnt from. */
  duals: Float32Array;
  passes: number;
}

const smallStep = 0.1;

/**
 * min over w, b:  ½‖w‖² + ½b² + C Σ max(0, 1 − yᵢ(w·xᵢ + b))²
 *
 * Source: Hsieh, Chang, Lin, Keerthi, Sundararajan, "A Dual Coordinate Descent Method for Large-scale Linear SVM"
 * (2008), algorithm 3; the bias is a feature of value 1, as in scikit-learn's LinearSVC.
 */
export function solveSvm(problem: SvmProblem): SvmSolution {
  const { x, signs, C, tolerance, seed, maxPasses = 300 } = problem;
  const { start, ids, values } = x;
  const active = problem.rows.slice();
  const total = active.length;
  const random = createRandom(seed);
  const { duals, begin } = problem;
  const w = begin ? begin.weights.slice() : new Float64Array(x.features);
  const alpha = begin ? Float64Array.from(begin.duals) : new Float64Array(x.rows);
  let bias = begin ? begin.bias : 0;
  const diagonal = 0.5 / C;
  const squares = problem.squares ?? squaresOf(x, problem.rows, C);
  for (const row of active) {
    const given = duals ? duals[row] : 0;
    if (given === 0) continue;
    alpha[row] = given;
    bias += given * signs[row];
    for (let at = start[row]; at < start[row + 1]; at++) w[ids[at]] += given * signs[row] * values[at];
  }
  // Near the solution, steps that are small beside the tolerance are not worth their time.
  const least = begin ? smallStep * tolerance : 1e-12;
  let activeCount = total;
  let passes = 0;
  let shrinkAbove = Number.POSITIVE_INFINITY;
  while (passes < maxPasses) {
    let high = Number.NEGATIVE_INFINITY;
    let low = Number.POSITIVE_INFINITY;
    for (let i = activeCount - 1; i > 0; i--) {
      const j = random.integer(i + 1);
      const row = active[i];
      active[i] = active[j];
      active[j] = row;
    }
    for (let i = 0; i < activeCount; i++) {
      const row = active[i];
      const sign = signs[row];
      const from = start[row];
      const to = start[row + 1];
      let margin = bias;
      for (let at = from; at < to; at++) margin += w[ids[at]] * values[at];
      const old = alpha[row];
      // G = ∇ᵢ of the dual, PG its projection on α ≥ 0.
      const gradient = margin * sign - 1 + old * diagonal;
      let projected = gradient;
      if (old === 0) {
        if (gradient > shrinkAbove) {
          activeCount--;
          active[i] = active[activeCount];
          active[activeCount] = row;
          i--;
          continue;
        }
        if (gradient > 0) projected = 0;
      }
      if (projected > high) high = projected;
      if (projected < low) low = projected;
      if (Math.abs(projected) > least) {
        const next = Math.max(old - gradient / squares[row], 0);
        alpha[row] = next;
        const step = (next - old) * sign;
        bias += step;
        for (let at = from; at < to; at++) w[ids[at]] += step * values[at];
      }
    }
    passes++;
    if (high - low <= tolerance) {
      if (activeCount === total) break;
      activeCount = total;
      shrinkAbove = Number.POSITIVE_INFINITY;
      continue;
    }
    // From a near beginning, all rows are looked at in fewer passes than shrinking and looking again take.
    shrinkAbove = begin || high <= 0 ? Number.POSITIVE_INFINITY : high;
  }
  return { weights: w, bias, duals: Float32Array.from(alpha), passes };
}

/** ‖xᵢ‖² + 1 + 1 / 2C, shape (x.rows): the second derivatives of the dual. */
export function squaresOf({ start, values, rows: count }: SparseRows, rows: Int32Array, C: number): Float64Array {
  const squares = new Float64Array(count);
  for (const row of rows) {
    let sum = 1 + 0.5 / C;
    for (let at = start[row]; at < start[row + 1]; at++) sum += values[at] * values[at];
    squares[row] = sum;
  }
  return squares;
}
