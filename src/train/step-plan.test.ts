import assert from "node:assert/strict";
import { test } from "node:test";
import { learningRateAt } from "../optim/index.js";
import {
  fixedPlan,
  isLook,
  isTimeToRevise,
  lastLookTokens,
  planSteps,
  revisePlan,
  type StepPlan,
  scheduleFor,
  secondsOf,
} from "./step-plan.js";

test("slow evaluations leave most of the time to steps", () => {
  // 20 evaluations of 10 seconds would take more than all of the time.
  const { steps, looks } = planSteps(180, { step: 0.5, look: 10 });
  assert.equal(looks, 1);
  assert.ok(steps * 0.5 >= 0.75 * 180, `${steps} steps`);
  assert.deepEqual(planSteps(180, { step: 0.5, look: 60 }).looks, 0);
  assert.equal(planSteps(600, { step: 0.1, look: 0.1 }).looks, 20);
  assert.equal(planSteps(600, { step: 0.1, look: 0.1 }, { most: 77 }).steps, 77);
});

test("a given number of steps has 20 evaluations, evenly spread", () => {
  const at = Array.from({ length: 401 }, (_, done) => done).filter((done) => isLook(fixedPlan(400), done));
  assert.deepEqual(
    at,
    Array.from({ length: 19 }, (_, i) => 20 * (i + 1)),
  );
});

/** A run in which the seconds of a step are a function of its number: what happens, and when it ends. */
function simulate(budget: number, planned: number, stepSeconds: (step: number) => number, look = 0.5) {
  const plans: StepPlan[] = [planSteps(budget, { step: planned, look })];
  let [time, looked] = [0, 0];
  let decided = { at: 0, step: 0, looking: 0 };
  const planAt = (done: number) => plans.findLast(({ from }) => from <= done)!;
  let done = 0;
  while (done < planAt(done).steps) {
    time += stepSeconds(done++);
    const looks = isLook(planAt(done - 1), done);
    if (looks) {
      time += look;
      looked++;
      decided.looking += look;
    }
    if (!looks && !isTimeToRevise(time - decided.at, budget)) continue;
    const step = (time - decided.at - decided.looking) / (done - decided.step);
    const revised = revisePlan(planAt(done), done, budget - time, { step, look }, { budget });
    if (revised) plans.push(revised);
    decided = { at: time, step: done, looking: 0 };
  }
  return { time: time + Math.max(look, 0.05 * budget), steps: done, plans, looked };
}

test("a run keeps its time whatever its steps turn out to take", () => {
  const kinds: Record<string, (step: number) => number> = {
    "as planned": () => 0.1,
    "ten times slower": () => 1,
    "five times faster": () => 0.02,
    "slow at first": (step) => (step < 100 ? 0.5 : 0.1),
    "slow later on": (step) => (step < 400 ? 0.1 : 0.6),
  };
  for (const [kind, stepSeconds] of Object.entries(kinds)) {
    const { time, steps, plans, looked } = simulate(180, 0.1, stepSeconds);
    assert.ok(time > 0.85 * 180 && time < 1.1 * 180, `${kind}: ${time} seconds for ${steps} steps`);
    assert.ok(looked >= 10 && looked <= 21, `${kind}: ${looked} evaluations`);
    if (kind === "as planned") assert.equal(plans.length, 1);
    const rates = Array.from({ length: steps }, (_, step) => learningRateAt(scheduleFor(plans), 1, step));
    const warm = rates.indexOf(Math.max(...rates));
    for (let i = warm + 1; i < steps; i++) assert.ok(rates[i] <= rates[i - 1], `${kind}: the rate rises at ${i}`);
    assert.ok(rates[steps - 1] < 0.1, `${kind}: ends with ${rates[steps - 1]}`);
  }
});

test("a revision that comes before the warm-up is over, and one that changes nothing", () => {
  const plain = learningRateAt({ kind: "cosine", totalSteps: 100, warmupSteps: 10 }, 1, 60);
  const same = {
    kind: "cosine",
    totalSteps: 100,
    warmupSteps: 10,
    revisions: [{ from: 30, totalSteps: 100 }],
  } as const;
  assert.ok(Math.abs(learningRateAt(same, 1, 60) - plain) < 1e-12);
  const early = {
    kind: "linear",
    totalSteps: 1000,
    warmupSteps: 10,
    revisions: [{ from: 4, totalSteps: 100 }],
  } as const;
  assert.equal(learningRateAt(early, 1, 4), 0.5);
  assert.ok(Math.abs(learningRateAt(early, 1, 55) - 0.5) < 1e-12);
});

test("the last evaluation reads more where there is time for it", () => {
  assert.equal(lastLookTokens(32_768, 1, 10, 1e6), 32_768);
  assert.equal(lastLookTokens(32_768, 1, 200, 1e6), 327_680);
  assert.equal(lastLookTokens(32_768, 0.1, 3600, 1e6), 1e6);
});

test("times have units", () => {
  assert.deepEqual(
    ["90s", "3m", "3 min", "1.5h"].map((time) => secondsOf(time)),
    [90, 180, 180, 5400],
  );
  assert.throws(() => secondsOf("3"), /not '3'\. Add a unit: 3m means minutes/);
  for (const wrong of ["", "0m", "-1m", "3 days", "m"]) assert.throws(() => secondsOf(wrong), /must be a time/);
});
