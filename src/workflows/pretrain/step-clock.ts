// What steps and evaluations of a run take, and whether its time asks for another number of them.
import { isTimeToRevise, revisePlan, type StepPlan } from "./plan-steps.js";
import type { RunLength } from "./run-folder.js";

/** Runs whose steps are given are left alone. */
export function stepClock(trainer: { readonly done: number }, { budget, most, times }: RunLength) {
  let lookSeconds = times?.look ?? 0;
  let decided = { at: performance.now(), step: trainer.done, looking: 0 };
  return {
    /** An evaluation took so many seconds. */
    looked(seconds: number): void {
      lookSeconds = seconds;
      decided.looking += seconds;
    },
    /** After a step, where `plan` is the newest: another plan, or nothing where it may stand. @param spent seconds so far */
    revise(plan: StepPlan, hasLooked: boolean, spent: number): StepPlan | undefined {
      const seconds = (performance.now() - decided.at) / 1000;
      if (budget === undefined || !(hasLooked || isTimeToRevise(seconds, budget))) return undefined;
      const step = (seconds - decided.looking) / (trainer.done - decided.step);
      decided = { at: performance.now(), step: trainer.done, looking: 0 };
      return revisePlan(plan, trainer.done, budget - spent, { step, look: lookSeconds }, { budget, most });
    },
  };
}
