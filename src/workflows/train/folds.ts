// Models of one family on folds of the rows, for the answers that they give for rows which they did not learn from.
import { CancelledError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import { mixSeed } from "../../base/random.js";
import { type WorkflowWatch, watchFor } from "../../base/watch.js";
import type { Fold } from "../../tasks/fold-rows.js";
import { type Measure, predictTexts, type Task, type TrainingOptions } from "../../tasks/index.js";
import { judgedBy } from "./judged-by.js";
import type { FamilyToTrain } from "./train-family.js";
import type { FamilyKeeper } from "./unfinished.js";

export interface FoldTraining {
  task: Task;
  options: TrainingOptions;
  keeper: FamilyKeeper;
  /** What models are chosen by, where someone chose it. */
  metric?: Measure;
}

/**
 * Answers for the rows that folds hold, (rows, width), at their places; nothing after an abort. Folds that an earlier start of the run
 * finished are not trained again.
 *
 * @param all answers to fill
 * @param stage of one fold, as in "fold 2 of 5"
 */
export async function answerFolds(
  training: FoldTraining,
  own: FamilyToTrain,
  folds: readonly Fold[],
  all: Float32Array,
  stage: (fold: number) => string,
  watch: WorkflowWatch,
): Promise<Float32Array | undefined> {
  for (const [i, fold] of folds.entries()) {
    const { held, rows } = fold;
    const { width } = rows.head;
    const { name } = own;
    const key = `${name}-${stage(i).replaceAll(" ", "-")}`;
    const answers =
      training.keeper.answers(key, held.length * width) ??
      (await answerFold(training, own, fold, key, watchFor(`${name}, ${stage(i)}`, watch)));
    if (!answers) return undefined;
    for (const [at, row] of held.entries()) all.set(answers.subarray(at * width, (at + 1) * width), row * width);
  }
  return all;
}

async function answerFold(
  { task, options, keeper, metric }: FoldTraining,
  { family: familyName, settings }: FamilyToTrain,
  fold: Fold,
  key: string,
  watch: Watch,
): Promise<Float32Array | undefined> {
  if (watch.signal?.aborted) return undefined;
  try {
    const family = await task.families[familyName].load();
    const { place } = keeper.start(key);
    const { model, validation, stopped } = await family.train(
      judgedBy(task, fold.rows, fold, metric),
      { ...options, settings, place, seed: mixSeed(options.seed, 3) },
      watch,
    );
    try {
      if (stopped === "cancelled") return undefined;
      const answers = options.isTrial ? validation : await predictTexts(model, fold.heldTexts, "answering", watch);
      keeper.keepAnswers(key, answers);
      return answers;
    } finally {
      await model.close();
    }
  } catch (error) {
    if (error instanceof CancelledError) return undefined;
    throw error;
  }
}
