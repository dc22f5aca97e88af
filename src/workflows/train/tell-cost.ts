// What training a network will cost, told before it begins where telling takes a small part of that.
import type { WorkflowWatch } from "../../base/watch.js";
import { countedTraining, showFlops, showMemory, showSeconds } from "../../cost/index.js";
import { timeTraining } from "../../networks/index.js";
import type { Family, ModelResult, TrainingOptions, TrainingRows } from "../../tasks/index.js";

/** Share of a run that telling its cost may take. */
const mostShare = 0.02;
/** It takes so many steps, and opens a session. */
const [stepsTaken, openingSeconds] = [2.5, 0.7];
/** Of two cores, roughly. */
const flopsPerSecond = 4e10;

export async function tellCost(
  name: string,
  family: Family,
  rows: TrainingRows,
  options: TrainingOptions,
  watch: WorkflowWatch,
): Promise<ModelResult["estimate"]> {
  const planned = await family.plan?.(rows, options);
  if (!planned || watch.signal?.aborted) return undefined;
  const { steps, flops, bytes } = countedTraining(planned);
  const likely = flops / flopsPerSecond;
  if (openingSeconds + (likely / steps) * stepsTaken > mostShare * likely) return undefined;
  // The longest stage tells for all.
  const [longest] = planned.map((one) => ({ one, own: countedTraining([one]).flops })).sort((a, b) => b.own - a.own);
  const seconds =
    (await timeTraining(longest.one, { lengths: 1, warm: 1, signal: watch.signal })) * (flops / longest.own);
  watch.onMessage?.(
    `${name}: at most about ${showSeconds(seconds)}, ${showFlops(flops)} and ${showMemory(bytes)} of memory.`,
  );
  return { seconds, flops, bytes };
}
