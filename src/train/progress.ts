// How far a run has come, beside what its trainer holds: kept in checkpoints.
import { z } from "zod";
import { exactNumber, sumsSchema } from "./figures.js";

const figures = z.record(z.string(), exactNumber);

const lookSchema = z.object({
  /** Steps done. */
  step: z.int().min(0),
  /** Means over the steps since the look before. */
  training: figures,
  /** What was measured on rows or tokens that are held out; empty where nothing was. */
  validation: figures,
  /** Some text from the model as it was then. */
  sample: z.string().optional(),
  /** Of training alone, since the beginning. */
  seconds: z.number(),
  /** Of everything since the beginning: evaluations, samples and checkpoints too. */
  spent: z.number(),
});

/** Extended by whoever keeps more beside it; see `isProgress`. */
export const progressSchema = z.object({
  history: z.array(lookSchema),
  seconds: z.number(),
  spent: z.number(),
  /** Of the steps since the last look. */
  since: sumsSchema,
  /** Index of the best look, and its figure, where that is watched. */
  best: z.object({ look: z.int().min(0), value: exactNumber }).optional(),
});

/** What no single field tells. */
export function isProgress({ history, best }: z.infer<typeof progressSchema>): boolean {
  const isAhead = history.every(({ step }, look) => look === 0 || step > history[look - 1].step);
  return isAhead && (best === undefined || best.look < history.length);
}

/** A place in the run at which it was evaluated. */
export type LookPoint = z.infer<typeof lookSchema>;
export type RunProgress = z.infer<typeof progressSchema>;
