// How many steps fit the time, and how many evaluations between them: decided before the first step, and again on the way
// where steps turn out slower or faster. Pure arithmetic on seconds.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import type { Schedule } from "../optim/index.js";

const stepPlan = z.object({
  /** Steps that were done when it was decided. */
  from: z.int().min(0),
  /** In all. */
  steps: z.int().min(1),
  /** Evaluations from there to the end; the last step has its own. */
  looks: z.int().min(0),
});
export type StepPlan = z.infer<typeof stepPlan>;

/** What was decided about the length of a run. */
export const runLengthSchema = z.object({
  /** The first when training began; each later one holds from its `from` on. A run that goes on follows them again. */
  plans: z
    .array(stepPlan)
    .min(1)
    .refine(([{ from }]) => from === 0, "the first plan does not begin at the first step"),
  /** Seconds, as they were measured before the first step. */
  times: z.object({ step: z.number().positive(), look: z.number().positive() }).optional(),
  /** Seconds for all of the run, where its time decides. */
  budget: z.number().positive().optional(),
  /** Steps at most, whatever the time. */
  most: z.number().positive().optional(),
});
export type RunLength = z.infer<typeof runLengthSchema>;

/** Seconds. */
export interface StepTimes {
  step: number;
  /** An evaluation, with its sample of text. */
  look: number;
}

/** Evaluations of a run at most, and the share of its time that they may take. */
const [mostLooks, looksShare] = [20, 0.1];
/** Share of the time that the last evaluation may take: it reads more than the others. */
const lastLookShare = 0.05;
/** Another number of steps is worth a revision where it differs by so much of what is left. */
const worthRevising = 0.05;
/** A run decides again when so much of its time has passed since it last did; evaluations come a little more often. */
const revisionShare = 1 / 12;
/** The plan of a run whose number of steps is given. */
export const fixedPlan = (steps: number): StepPlan => ({ from: 0, steps, looks: mostLooks });

interface Rest {
  /** Steps that are done. */
  from?: number;
  /** Evaluations that are still wanted. */
  looks?: number;
  /** Steps in all, whatever the time. */
  most?: number;
  /** Seconds for all of the run; default: those that are left. */
  budget?: number;
}

/**
 * What fits into the `seconds` that are left, the last evaluation included.
 *
 * @example
 * planSteps(90, { step: 0.1, look: 2 }, { most: 5000 }); // { from: 0, steps: 765, looks: 4 }
 */
export function planSteps(
  seconds: number,
  times: StepTimes,
  { from = 0, looks: wanted = mostLooks, most = Number.POSITIVE_INFINITY, budget = seconds }: Rest = {},
): StepPlan {
  const forLooks = Math.max(0, looksShare * seconds);
  const looks = Math.min(wanted, Math.floor(forLooks / times.look));
  const left = seconds - looks * times.look - Math.max(times.look, lastLookShare * budget);
  const steps = from + Math.max(1, Math.floor(left / times.step));
  return { from, steps: Math.max(from + 1, Math.min(most, steps)), looks };
}

/** Steps from one evaluation to the next. */
export function lookInterval({ from, steps, looks }: StepPlan): number {
  return looks === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil((steps - from) / looks));
}

/** Whether the plan evaluates when `done` steps are done. */
export function isLook(plan: StepPlan, done: number): boolean {
  return done > plan.from && done < plan.steps && (done - plan.from) % lookInterval(plan) === 0;
}

/** Whether so many seconds after the last decision it is time for another. */
export const isTimeToRevise = (seconds: number, budget: number) => seconds > budget * revisionShare;

/** @returns nothing where the plan may stand as it is */
export function revisePlan(
  plan: StepPlan,
  done: number,
  seconds: number,
  times: StepTimes,
  { budget, most }: { budget: number; most?: number },
): StepPlan | undefined {
  if (done >= plan.steps) return undefined;
  const looks = Math.max(0, plan.looks - Math.floor((done - plan.from) / lookInterval(plan)));
  const other = planSteps(seconds, times, { from: done, looks, most, budget });
  return Math.abs(other.steps - plan.steps) > worthRevising * (plan.steps - done) ? other : undefined;
}

/** Tokens of the last evaluation, of so many at most, where `tokens` are read in `seconds` and all the run has `budget`. */
export function lastLookTokens(tokens: number, seconds: number, budget: number, most: number): number {
  return Math.round(Math.max(tokens, Math.min(most, (tokens * lastLookShare * budget) / seconds)));
}

/** Climbs for a fiftieth of the steps and falls in a line to nothing. @param plans the first, and its revisions */
export function scheduleFor([{ steps }, ...revisions]: readonly StepPlan[]): Schedule {
  return {
    kind: "linear",
    totalSteps: steps,
    warmupSteps: Math.max(1, Math.min(200, Math.round(steps / 50))),
    revisions: revisions.map(({ from, steps }) => ({ from, totalSteps: steps })),
  };
}

/** @param name of the option @throws UserError for anything but a number with its unit, such as 90s, 30m or 2h */
export function secondsOf(time: string, name = "budget", like = "90s, 30m or 2h"): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)$/.exec(time.trim()) ?? [];
  const seconds = Number(number) * { ms: 1e-3, s: 1, m: 60, min: 60, h: 3600 }[unit as "s"];
  if (seconds > 0) return seconds;
  const hint = /^\d+(\.\d+)?$/.test(time.trim())
    ? like.endsWith("ms")
      ? ` Add a unit: ${time.trim()}ms means milliseconds.`
      : ` Add a unit: ${time.trim()}m means minutes.`
    : "";
  throw new UserError(`${option(name)} must be a time such as ${like}, not '${time}'.${hint}`);
}
