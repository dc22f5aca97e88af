// Whether more rows would help: linear models of a part of the rows beside the one of all of them.
import { mixSeed } from "../../base/random.js";
import { type MoreRows, twiceTheRows } from "../../select/index.js";
import type { Measure, SplitRows, Task, TrainingOptions } from "../../tasks/index.js";
import type { Candidate } from "./train-family.js";
import { partOf } from "./trials.js";

/** Of the training rows. */
const shares = [1 / 8, 1 / 4, 1 / 2];
/** With fewer training rows a part would be too few to tell anything. */
export const fewestRows = 200;

/**
 * How much better a model of twice the rows would be, in the measure's own unit.
 *
 * @param whole the family's model of all training rows
 * @throws CancelledError after a signal
 */
export async function moreRows(
  task: Task,
  rows: SplitRows,
  whole: Candidate,
  metric: Measure,
  options: TrainingOptions,
  signal: AbortSignal,
): Promise<MoreRows> {
  const family = await task.families[whole.family].load();
  const total = rows.training.texts.length;
  const answers: Float32Array[] = [];
  const counts: number[] = [];
  for (const share of shares) {
    const part = partOf(task, rows, Math.round(share * total), options.seed);
    const trial = { ...options, isTrial: true, seed: mixSeed(options.seed, 3) };
    const { model, validation } = await family.train(part, trial, { signal });
    await model.close();
    answers.push(validation);
    counts.push(part.training.texts.length);
  }
  answers.push(whole.trained.validation);
  counts.push(total);
  const { labels, validation, space } = rows;
  const { name, higherIsBetter = true } = metric;
  const errors = answers.map((own) => {
    const figure = task.measure(name, labels.validation, own, task.settle(space, own, validation.targets));
    // What lacks to 1, the best of all figures of which more is better.
    return (sample: ArrayLike<number>) => (higherIsBetter ? 1 - figure(sample) : figure(sample));
  });
  return twiceTheRows(counts, labels.validation.length, errors);
}
