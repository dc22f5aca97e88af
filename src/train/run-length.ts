// A run whose steps are decided by its time: what steps and evaluations take, and whether that asks for another number of
// them.
import type { LoopLength } from "./loop.js";
import { isLook, isTimeToRevise, type RunLength, revisePlan, type StepPlan } from "./step-plan.js";

/** @param revised called with a revised length: it must outlive the program before the next step */
export function plannedLength(
  trainer: { readonly done: number },
  length: RunLength,
  revised: (length: RunLength) => void,
): LoopLength {
  const plans = [...length.plans];
  const planAt = (done: number) => plans.findLast(({ from }) => from <= done)!;
  const clock = stepClock(trainer, length);
  return {
    get steps() {
      return planAt(trainer.done).steps;
    },
    // A step that a revision begins after was the old plan's.
    isLook: (done) => isLook(planAt(done - 1), done),
    looked: clock.looked,
    decide(hasLooked, spent) {
      const newest = plans.at(-1)!;
      const revision = newest.from <= trainer.done ? clock.revise(newest, hasLooked, spent) : undefined;
      if (!revision) return;
      plans.push(revision);
      revised({ ...length, plans });
    },
  };
}

/** Runs whose steps are given are left alone. */
function stepClock(trainer: { readonly done: number }, { budget, most, times }: RunLength) {
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
