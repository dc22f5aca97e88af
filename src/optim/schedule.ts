// The learning rate at each step.

export interface Schedule {
  kind: "constant" | "linear" | "cosine";
  /** Steps of linear warm-up from 0. */
  warmupSteps?: number;
  /** Total number of steps; the rate falls until then. */
  totalSteps: number;
  /** Share of the base rate that remains at the end. */
  finalShare?: number;
  /** New totals set during the run, in rising order of `from`: the rate continues from its current value. */
  revisions?: readonly { from: number; totalSteps: number }[];
}

/**
 * Learning rate of step `step` (from 0). Cosine: I. Loshchilov, F. Hutter 2016, arXiv:1608.03983, without restarts.
 *
 * @example
 * learningRateAt({ kind: "cosine", totalSteps: 100, warmupSteps: 10 }, 1e-3, 0); // 1e-4
 */
export function learningRateAt(schedule: Schedule, base: number, step: number): number {
  const { kind, warmupSteps = 0, finalShare = 0 } = schedule;
  if (step < warmupSteps) return (base * (step + 1)) / warmupSteps;
  if (kind === "constant") return base;
  const done = shareDone(schedule, warmupSteps, step);
  const left = kind === "linear" ? 1 - done : (1 + Math.cos(Math.PI * done)) / 2;
  return base * (finalShare + (1 - finalShare) * left);
}

/** From 0 after the warm-up to 1 at the end; a revision changes how fast it rises from there on. */
function shareDone({ totalSteps, revisions = [] }: Schedule, warmupSteps: number, step: number): number {
  let [start, total, share] = [warmupSteps, totalSteps, 0];
  const at = (place: number) => share + (1 - share) * Math.min(1, (place - start) / Math.max(1, total - start));
  for (const revision of revisions) {
    if (revision.from > step) break;
    const from = Math.max(start, revision.from);
    [share, start, total] = [at(from), from, revision.totalSteps];
  }
  return at(step);
}
