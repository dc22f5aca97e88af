// The learning rate at each step.

export interface Schedule {
  kind: "constant" | "linear" | "cosine";
  /** Steps in which the rate climbs from 0 in a line. */
  warmupSteps?: number;
  /** Steps in all; the rate falls until then. */
  totalSteps: number;
  /** Share of the base rate that is left at the end. */
  finalShare?: number;
}

/**
 * Learning rate of step `step` (from 0). Cosine: I. Loshchilov, F. Hutter 2016, arXiv:1608.03983, without restarts.
 *
 * @example
 * learningRateAt({ kind: "cosine", totalSteps: 100, warmupSteps: 10 }, 1e-3, 0); // 1e-4
 */
export function learningRateAt(schedule: Schedule, base: number, step: number): number {
  const { kind, warmupSteps = 0, totalSteps, finalShare = 0 } = schedule;
  if (step < warmupSteps) return (base * (step + 1)) / warmupSteps;
  if (kind === "constant") return base;
  const done = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  const left = kind === "linear" ? 1 - done : (1 + Math.cos(Math.PI * done)) / 2;
  return base * (finalShare + (1 - finalShare) * left);
}
