// What training a family would cost, without training it.
import type { Watch } from "../base/progress.js";
import {
  countTraining,
  type PlannedTraining,
  type TrainingCost,
  takeTargets,
  timeTraining,
} from "../networks/index.js";
import type { Family, TaskRows, TrainingOptions, TrainingRows } from "../tasks/index.js";

export interface FamilyCost {
  /** Seconds on this machine, extrapolated. */
  seconds: number;
  /** Of networks, as are all that follow. */
  parameters?: number;
  epochs?: number;
  /** Steps of all stages. */
  steps?: number;
  /** Floating-point operations. */
  flops?: number;
  /** Bytes of memory that the process grows by. */
  bytes?: number;
}

/**
 * A network's operations and memory are counted, and its time is that of a few steps, for all epochs: training may stop earlier. A linear
 * model has no steps: its time is that of training on a part of the rows.
 *
 * @returns nothing for a family that can't tell
 * @throws CancelledError after an abort
 */
export async function costOfTraining(
  family: Family,
  rows: TrainingRows,
  options: TrainingOptions,
  { isLinear, signal }: { isLinear: boolean; signal?: AbortSignal },
): Promise<FamilyCost | undefined> {
  if (isLinear) return { seconds: await secondsOfParts(family, rows, options, { signal }) };
  if (!family.plan) return undefined;
  const begun = performance.now();
  const planned = await family.plan(rows, options);
  const reading = (performance.now() - begun) / 1000;
  return { ...countedTraining(planned), seconds: reading + (await secondsOfStages(planned, signal)) };
}

/** Without its time, which takes steps. */
export function countedTraining(planned: readonly PlannedTraining[]): Required<Omit<FamilyCost, "seconds">> {
  const counted = planned.map(countTraining);
  const sum = (value: (cost: TrainingCost) => number) => counted.reduce((total, one) => total + value(one), 0);
  const largest = (value: (cost: TrainingCost) => number) => Math.max(...counted.map(value));
  return {
    parameters: largest(({ parameters }) => parameters),
    epochs: Math.max(...planned.slice(-1).map(({ options }) => options.epochs)),
    steps: sum(({ steps }) => steps),
    flops: sum(({ flops }) => flops),
    bytes: largest(({ bytes }) => bytes),
  };
}

/** A stage that takes the steps of the one before takes as long for each operation. */
async function secondsOfStages(planned: readonly PlannedTraining[], signal?: AbortSignal): Promise<number> {
  let [sum, rate] = [0, 0];
  let before: PlannedTraining | undefined;
  for (const one of planned) {
    const { flops } = countTraining(one);
    const isAlike = before?.network === one.network && before.options.frozen === one.options.frozen;
    const seconds = isAlike ? rate * flops : await timeTraining(one, { signal });
    rate = seconds / flops;
    before = one;
    sum += seconds;
  }
  return sum;
}

/** Training rows of the two parts that are fitted. */
const partSizes = [500, 1500];

/** Trains on two parts of the rows; the rest takes as long for each row as the larger part had more. Few rows are trained on whole. */
async function secondsOfParts(
  family: Family,
  rows: TrainingRows,
  options: TrainingOptions,
  watch: Watch,
): Promise<number> {
  const all = rows.training.texts.length;
  const sizes = all <= 2 * partSizes[1] ? [all] : partSizes;
  const points: { size: number; seconds: number }[] = [];
  for (const size of sizes) {
    const share = size / all;
    const part = { ...rows, training: partOf(rows.training, share), validation: partOf(rows.validation, share) };
    const begun = performance.now();
    const { model } = await family.train(part, options, watch);
    points.push({ size, seconds: (performance.now() - begun) / 1000 });
    await model.close();
  }
  const [first, last = first] = points;
  const slope = first === last ? 0 : Math.max(0, (last.seconds - first.seconds) / (last.size - first.size));
  return last.seconds + slope * (all - last.size);
}

/** Evenly spread rows. */
function partOf({ texts, targets }: TaskRows, share: number): TaskRows {
  const count = Math.max(1, Math.round(share * texts.length));
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * texts.length) / count));
  return { texts: chosen.map((row) => texts[row]), targets: takeTargets(targets, chosen) };
}
