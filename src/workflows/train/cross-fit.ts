// Out-of-fold answers of the family that was chosen: for every training and validation row, by a model of the same family and settings that
// did not learn from it.
import type { WorkflowWatch } from "../../base/watch.js";
import { type Fold, learnedRows } from "../../tasks/fold-rows.js";
import type { Comparison, SplitRows } from "../../tasks/index.js";
import { clustersToMeasure } from "../../tasks/row-groups.js";
import { answerFolds, type FoldTraining } from "./folds.js";
import { aboutTime } from "./tell-time.js";
import type { Candidate } from "./train-family.js";

export interface CrossFit {
  texts: readonly string[];
  /** (texts, width) */
  answers: Float32Array;
  /** @param space with what the validation rows settled */
  measured(space: unknown): NonNullable<Comparison["outOfFold"]>;
}

/** Nothing after an abort. */
export async function crossFit(
  chosen: Candidate,
  rows: SplitRows,
  training: FoldTraining,
  folds: readonly Fold[],
  watch: WorkflowWatch,
): Promise<CrossFit | undefined> {
  const { task, options } = training;
  const { name, trained } = chosen;
  const count = folds.length;
  watch.onMessage?.(
    `${name}: training ${count} times more, for out-of-fold answers: ${aboutTime(1000 * count * trained.seconds)}.`,
  );
  const { texts, labels, groups } = learnedRows(rows);
  const empty = new Float32Array(texts.length * rows.head.width);
  const stage = (fold: number) => `fold ${fold + 1} of ${count}`;
  const answers = await answerFolds(training, chosen, folds, empty, stage, watch);
  if (!answers) return undefined;
  const clusters = rows.groups && clustersToMeasure(rows.split!.group!, groups).clusters;
  return {
    texts,
    answers,
    measured(space) {
      const scores = task.score(labels, answers, space, options.seed, clusters);
      return { folds: count, rows: texts.length, figures: task.figures(scores), scores };
    },
  };
}
