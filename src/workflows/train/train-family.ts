// One family of a training run: trained, or taken from what the run keeps, and measured on the held-out rows.
import { CancelledError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import { mixSeed } from "../../base/random.js";
import { type WorkflowWatch, watchFor } from "../../base/watch.js";
import { monitorOf } from "../../networks/index.js";
import { loweredTitle, showFigure } from "../../report/figure.js";
import {
  type Family,
  type FamilySettings,
  type LabelValue,
  type Measure,
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
/** Answered before answering is timed. */
const textsBefore = 32;

export interface FamilyToTrain {
  /** Of the family, unless several settings of it are trained. */
  name: string;
  family: string;
  settings?: FamilySettings;
}

export interface Candidate extends FamilyToTrain {
  trained: FinishedFamily;
  /** Answers that the choice rests on: for the validation rows, unless it is by folds. */
  judged: Float32Array;
  result: ModelResult;
}

export interface TrialOptions {
  /** What models are chosen by, where someone chose it. */
  metric?: Measure;
  /** Whether nothing is wanted of what is trained by now. */
  isUnwanted?: () => boolean;
  /** Measures how long answers take. */
  isTimed?: boolean;
}

/**
 * @throws CancelledError where that is so, or after a signal that left nothing
 */
export async function trainFamily(
  task: Task,
  own: FamilyToTrain,
  rows: SplitRows,
  options: TrainingOptions,
  keeper: FamilyKeeper,
  watch: WorkflowWatch,
  { metric, isUnwanted = () => false, isTimed = false }: TrialOptions = {},
): Promise<Candidate> {
  const { name } = own;
  const kept = keeper.finished(name);
  const family = await task.families[own.family].load();
  // A search with a budget times its steps itself.
  const estimate = kept || isTimed ? undefined : await tellCost(name, family, rows, options, watch);
  const trained = kept ?? (await train(family, task, own, rows, options, keeper, watch, { isUnwanted, isTimed }));
  try {
    if (!kept && trained.stopped !== "cancelled") await keeper.keep(name, trained);
    const result = modelResult(task, own, rows, trained, options.seed, metric);
    const figure = metric ?? result.figures[0];
    const value = result.validation[figure.name];
    const shown = `validation ${loweredTitle(figure.title)} ${showFigure(value, figure.isShare)}`;
    watch.onMessage?.(`${name}: ${shown}, ${kept ? "already " : ""}trained in ${trained.seconds.toFixed(1)} s.`);
    return { ...own, trained, judged: trained.validation, result: { ...result, ...(estimate && { estimate }) } };
  } catch (error) {
    await closeQuietly(trained);
    throw error;
  }
}

async function train(
  family: Family,
  task: Task,
  { name, family: familyName }: FamilyToTrain,
  rows: SplitRows,
  options: TrainingOptions,
  keeper: FamilyKeeper,
  watch: WorkflowWatch,
  { isUnwanted, isTimed }: Required<Omit<TrialOptions, "metric">>,
): Promise<FinishedFamily> {
  const { place, seconds } = keeper.start(name);
  const own = renamed(familyName, name, watchFor(name, watch));
  const tell = (time: string) =>
    watch.onMessage?.(`${name}: training with ${task.extent(rows.space)} will take ${time}.`);
  const { model, ...training } = await family.train(
    rows,
    { ...options, place, seed: mixSeed(options.seed, 3) },
    rows.head.width > manyAnswers ? tellTime(own, familyName === "linear" ? 1.5 : 1, tell) : own,
  );
  const took = seconds();
  try {
    if (isUnwanted()) throw new CancelledError(`${name} is not wanted any more.`);
    const listener = { onProgress: watch.onProgress };
    // Graphs are compiled for the first texts.
    if (isTimed) await model.predict(rows.validation.texts.slice(0, textsBefore));
    const started = performance.now();
    const answers = await predictTexts(model, rows.heldOut.texts, `${name}: measuring`, listener);
    const answering = (performance.now() - started) / 1000 / rows.heldOut.texts.length;
    const { parameters } = model;
    return {
      ...{ ...training, answers, parameters, seconds: took, ...(isTimed && { answering }) },
      files: () => model.files(),
      close: () => model.close(),
    };
  } catch (error) {
    await closeQuietly(model);
    throw error;
  }
}

/** The same listener; a stage with the family's name has that of its settings. */
function renamed(family: string, name: string, watch: Watch): Watch {
  const { onProgress } = watch;
  if (!onProgress || name === family) return watch;
  const own = (stage: string) =>
    stage === family || stage.startsWith(`${family},`) ? name + stage.slice(family.length) : stage;
  return { ...watch, onProgress: (step) => onProgress({ ...step, stage: own(step.stage) }) };
}

/** What was measured of a trained model, on the validation and on the held-out rows. */
export function modelResult(
  task: Task,
  { name, family }: FamilyToTrain,
  { head, validation, heldOut, ...rows }: SplitRows,
  {
    answers,
    answering,
    parameters,
    seconds,
    epochs,
    keptEpoch,
    kept,
    stopped,
    ...trained
  }: Omit<FinishedFamily, "files" | "close">,
  seed: number,
  metric?: Measure,
): ModelResult {
  // Each model is measured with what its own answers for the validation rows tell.
  const space = task.settle(rows.space, trained.validation, validation.targets);
  const onValidation = task.groupFigures(rows.labels.validation, trained.validation, space);
  const heldOutScores = task.score(heldOut.labels, answers, space, seed, heldOut.clusters);
  const { name: monitor, isShare } = monitorOf(head);
  const figures = Object.fromEntries(onValidation.map(({ name, value }) => [name, value]));
  if (metric) figures[metric.name] = figureOf(task, metric, rows.labels.validation, trained.validation, space);
  return {
    ...(name !== family && { name }),
    family,
    validation: figures,
    figures: task.figures(heldOutScores),
    heldOut: heldOutScores,
    trainingSeconds: seconds,
    ...(answering !== undefined && { secondsPerRow: answering }),
    parameters,
    ...(epochs.length > 0 && { monitor: { name: monitor, isShare } }),
    epochs,
    keptEpoch,
    kept,
    stopped,
  };
}

/** Of all the rows. */
export function figureOf(
  task: Task,
  { name }: Measure,
  labels: readonly LabelValue[],
  answers: Float32Array,
  space: unknown,
): number {
  return task.measure(name, labels, answers, space)(Int32Array.from({ length: labels.length }, (_, row) => row));
}

async function closeQuietly({ close }: Pick<TextModel, "close">): Promise<void> {
  await close().catch(() => {});
}
