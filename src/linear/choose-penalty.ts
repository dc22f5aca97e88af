// Chooses the penalty of a ridge regression by generalised cross-validation. Knows no texts.
import { createRandom, mixSeed } from "../base/random.js";
import { dot, type RidgeProblem, solveDual } from "./solve-ridge.js";

/** Random signs for so many rows, with repeats, are enough to tell the trace. */
const enoughRows = 8000;

export interface ChosenPenalty {
  penalty: number;
  /** Solution of the dual with it. */
  dual: Float64Array;
  /** Squared errors of the rows, each left out, up to a factor that is the same for the same rows. */
  squares: Float64Array;
}

/**
 * The penalty with the least  n‖a‖² / tr(C G C)²  for a = G C y, G = (C X Xᵀ C + λI)⁻¹: the squared error of the rows when each
 * is left out, with the mean leverage instead of its own. The trace is the mean of zᵀ C G C z for
 * random signs z; of few rows it is exact.
 * Penalties are tried a decade at a time, strongest first, until one is better than the weakest tried: the weaker a penalty, the
 * more steps its solution takes.
 *
 * Source: Golub, Heath and Wahba (1979); the trace after Girard, "A Fast Monte-Carlo Cross-Validation Procedure" (1989).
 *
 * @param pause awaited between two steps of the solver
 */
export async function choosePenalty(
  problem: RidgeProblem,
  y: Float64Array,
  seed: number,
  pause: () => Promise<void>,
): Promise<ChosenPenalty> {
  const { rows } = problem;
  const probes = probesOf(rows.length, seed);
  let best: (Omit<ChosenPenalty, "squares"> & { score: number; trace: number }) | undefined;
  for (const penalties of decades(problem.penalties)) {
    const part = { ...problem, penalties };
    const duals = await stepwise(solveDual(part, y), pause);
    const traces = new Float64Array(penalties.length);
    for (const probe of probes) {
      const solutions = await stepwise(solveDual(part, probe), pause);
      for (const [i, solution] of solutions.entries()) traces[i] += dot(probe, solution);
    }
    for (const [i, penalty] of penalties.entries()) {
      const score = dot(duals[i], duals[i]) / (traces[i] * traces[i]);
      if (!best || score < best.score) best = { penalty, dual: duals[i], score, trace: traces[i] };
    }
    if (best && best.penalty > penalties[penalties.length - 1]) break;
  }
  const { penalty, dual, trace } = best!;
  return { penalty, dual, squares: dual.map((one) => ((rows.length * one) / trace) ** 2) };
}

/** Signs whose mean zᵀ M z tells the trace of M; or unit vectors, where they are fewer. */
function probesOf(rows: number, seed: number): Float64Array[] {
  const random = createRandom(mixSeed(seed, 0x9cf));
  const count = Math.ceil(enoughRows / rows);
  if (count < rows)
    return Array.from({ length: count }, () => new Float64Array(rows).map(() => (random.uint32() & 1 ? 1 : -1)));
  return Array.from({ length: rows }, (_, one) => new Float64Array(rows).fill(1, one, one + 1));
}

/** Strongest first, so many that the last one is at most ten times weaker than the first. */
function decades(penalties: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const penalty of [...penalties].sort((a, b) => b - a)) {
    const group = groups[groups.length - 1];
    if (group && group[0] <= 10 * penalty * (1 + 1e-9)) group.push(penalty);
    else groups.push([penalty]);
  }
  return groups;
}

/** Runs a solver, with pauses so that the event loop runs. */
async function stepwise<Result>(steps: Generator<void, Result>, pause: () => Promise<void>): Promise<Result> {
  for (let last = performance.now(); ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - last < 100) continue;
    await pause();
    last = performance.now();
  }
}
