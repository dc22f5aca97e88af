// Figures by name, and their means over steps, which a checkpoint can keep.
import { z } from "zod";

export type Figures = Record<string, number>;

/** Figures of one step, and what they weigh in a mean over steps: rows, or the rows' weights. */
export interface Measured {
  figures: Figures;
  weight: number;
}

/** A number in JSON, which has no NaN and no infinity of its own: see `exactJson`. */
export const exactNumber = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);

/** JSON from which `exactNumber` reads the same numbers. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === "number" && !Number.isFinite(one) ? String(one) : one));
}

export const sumsSchema = z.record(z.string(), z.object({ sum: exactNumber, weight: exactNumber }));
export type Sums = z.infer<typeof sumsSchema>;

export interface RunningMean {
  add(measured: Measured): void;
  figures(): Figures;
  /** What the means are made of. */
  sums(): Sums;
  clear(): void;
}

export function runningMean(before: Sums = {}): RunningMean {
  const sums = new Map(Object.entries(before));
  return {
    add({ figures, weight }) {
      for (const [name, value] of Object.entries(figures)) {
        const entry = sums.get(name) ?? { sum: 0, weight: 0 };
        sums.set(name, { sum: entry.sum + value * weight, weight: entry.weight + weight });
      }
    },
    figures: () =>
      Object.fromEntries([...sums].map(([name, { sum, weight }]) => [name, weight > 0 ? sum / weight : 0])),
    sums: () => Object.fromEntries(sums),
    clear: () => sums.clear(),
  };
}
