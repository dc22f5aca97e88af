// One family of a training run: trained, or taken from what the run keeps, and measured on the held-out rows.
import { mixSeed } from "../../base/random.js";
import { type WorkflowWatch, watchFor } from "../../base/watch.js";
import { loweredTitle, showFigure } from "../../report/figure.js";
import {
  type Family,
  type ModelResult,
  predictTexts,
  type SplitRows,
  type Task,
  type TextModel,
  type TrainingOptions,
} from "../../tasks/index.js";
import type { FinishedFamily } from "./finished-family.js";
import { tellCost } from "./tell-cost.js";
import { tellTime } from "./tell-time.js";
import type { FamilyKeeper } from "./unfinished.js";

/** With more answers, how long training will take is told at its beginning. */
const manyAnswers = 300;

export interface Candidate {
  name: string;
  trained: FinishedFamily;
  result: ModelResult;
}

export async function trainFamily(
  task: Task,
  name: string,
  rows: SplitRows,
  options: TrainingOptions,
  keeper: FamilyKeeper,
  watch: WorkflowWatch,
): Promise<Candidate> {
  const kept = keeper.finished(name);
  const family = await task.families[name].load();
  const estimate = kept ? undefined : await tellCost(name, family, rows, options, watch);
  const trained = kept ?? (await train(family, task, name, rows, options, keeper, watch));
  try {
    if (!kept && trained.stopped !== "cancelled") await keeper.keep(name, trained);
    const result = modelResult(task, name, rows, trained, options.seed);
    const [figure] = result.figures;
    const value = result.validation[figure.name];
    const shown = `validation ${loweredTitle(figure.title)} ${showFigure(value, figure.isShare)}`;
    watch.onMessage?.(`${name}: ${shown}, ${kept ? "already " : ""}trained in ${trained.seconds.toFixed(1)} s.`);
    return { name, trained, result: { ...result, ...(estimate && { estimate }) } };
  } catch (error) {
    await closeQuietly(trained);
    throw error;
  }
}

async function train(
  family: Family,
  task: Task,
  name: string,
  rows: SplitRows,
  options: TrainingOptions,
  keeper: FamilyKeeper,
  watch: WorkflowWatch,
): Promise<FinishedFamily> {
  const { place, seconds } = keeper.start(name);
  const own = watchFor(name, watch);
  const tell = (time: string) =>
    watch.onMessage?.(`${name}: training with ${task.extent(rows.space)} will take ${time}.`);
  const { model, ...training } = await family.train(
    rows,
    { ...options, place, seed: mixSeed(options.seed, 3) },
    rows.head.width > manyAnswers ? tellTime(own, name === "linear" ? 1.5 : 1, tell) : own,
  );
  const took = seconds();
  try {
    const listener = { onProgress: watch.onProgress };
    const answers = await predictTexts(model, rows.heldOut.texts, `${name}: measuring`, listener);
    const { parameters } = model;
    return { ...training, answers, parameters, seconds: took, files: () => model.files(), close: () => model.close() };
  } catch (error) {
    await closeQuietly(model);
    throw error;
  }
}

/** What was measured of a trained model, on the validation and on the held-out rows. */
export function modelResult(
  task: Task,
  name: string,
  { head, validation, heldOut, ...rows }: SplitRows,
  {
    answers,
    parameters,
    seconds,
    epochs,
    keptEpoch,
    kept,
    stopped,
    ...trained
  }: Omit<FinishedFamily, "files" | "close">,
  seed: number,
): ModelResult {
  // Each model is measured with what its own answers for the validation rows tell.
  const space = task.settle(rows.space, trained.validation, validation.targets);
  const onValidation = task.groupFigures(rows.labels.validation, trained.validation, space);
  const heldOutScores = task.score(heldOut.labels, answers, space, seed);
  const { name: monitor, isShare } = head.figure;
  return {
    family: name,
    validation: Object.fromEntries(onValidation.map(({ name, value }) => [name, value])),
    figures: task.figures(heldOutScores),
    heldOut: heldOutScores,
    trainingSeconds: seconds,
    parameters,
    ...(epochs.length > 0 && { monitor: { name: monitor, isShare } }),
    epochs,
    keptEpoch,
    kept,
    stopped,
  };
}

async function closeQuietly({ close }: Pick<TextModel, "close">): Promise<void> {
  await close().catch(() => {});
}
