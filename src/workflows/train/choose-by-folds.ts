// The choice between families where there are few rows: by folds, since a fifth of them could not tell two models apart.

import type { WorkflowWatch } from "../../base/watch.js";
import { joinTargets, type Targets } from "../../networks/index.js";
import { judgingFolds, learnedRows } from "../../tasks/fold-rows.js";
import type { LabelValue, SplitRows, Task } from "../../tasks/index.js";
import { answerFolds, type FoldTraining } from "./folds.js";
import type { TrainSettings } from "./options.js";
import { type Candidate, figureOf } from "./train-family.js";

/** Of training and validation. With more rows, those of validation tell enough; with fewer, folds have too few to learn from. */
const [fewestRows, mostRows] = [100, 1000];
/** Beside the validation rows, which are a fifth: each family is trained so many times more. */
const moreFolds = 4;

export interface Judged {
  candidates: Candidate[];
  /** What the candidates' answers are judged by. */
  labels: readonly LabelValue[];
  targets: Targets;
  /** Where it was by folds. */
  choice?: { folds: number; rows: number };
}

/** By folds, or by the validation rows: where these are many enough, families have a base, or nothing is to be chosen. */
export async function judge(
  candidates: Candidate[],
  rows: SplitRows,
  training: FoldTraining,
  { model, splitSeed, budget, augmentSwaps }: Pick<TrainSettings, "model" | "splitSeed" | "budget" | "augmentSwaps">,
  watch: WorkflowWatch,
): Promise<Judged> {
  // A budget is spent on candidates; versions of one row would stand in several folds.
  const isWhole = budget === undefined && augmentSwaps.length === 0;
  const isChosen = model === "all" && isWhole && candidates.length > 1 && isForFolds(rows);
  const byFolds = isChosen && training.options.base === undefined;
  if (isChosen && !byFolds)
    watch.onMessage?.(
      `Choosing by the ${rows.validation.texts.length} validation rows: folds would train each model ${moreFolds} times more.`,
    );
  const judged = byFolds ? await judgeByFolds(candidates, rows, training, splitSeed, watch) : undefined;
  return judged ?? { candidates, labels: rows.labels.validation, targets: rows.validation.targets };
}

function isForFolds({ training, validation, split }: SplitRows): boolean {
  const count = training.texts.length + validation.texts.length;
  // Not by time: what learned from the future would be judged by the past.
  return split?.time === undefined && count >= fewestRows && count < mostRows;
}

/** The candidates with answers for all training and validation rows, each by a model that did not learn from it; nothing after an abort. */
async function judgeByFolds(
  candidates: readonly Candidate[],
  rows: SplitRows,
  training: FoldTraining,
  splitSeed: number,
  watch: WorkflowWatch,
): Promise<Judged | undefined> {
  const { task, metric } = training;
  const folds = judgingFolds(task, rows, moreFolds, splitSeed);
  const { labels } = learnedRows(rows);
  const { width } = rows.head;
  const targets = joinTargets(rows.training.targets, rows.validation.targets);
  watch.onMessage?.(`Choosing by ${folds.length + 1} folds of the ${labels.length} rows, which are few.`);
  const trial = { ...training, options: { ...training.options, isTrial: true } };
  const judged: Candidate[] = [];
  for (const candidate of candidates) {
    const answers = new Float32Array(labels.length * width);
    answers.set(candidate.trained.validation, rows.training.texts.length * width);
    const stage = (fold: number) => `trial ${fold + 2} of ${folds.length + 1}`;
    if (!(await answerFolds(trial, candidate, folds, answers, stage, watch))) return undefined;
    const space = task.settle(rows.space, answers, targets);
    const validation = figuresOf(task, labels, answers, space);
    if (metric) validation[metric.name] = figureOf(task, metric, labels, answers, space);
    judged.push({ ...candidate, judged: answers, result: { ...candidate.result, validation } });
  }
  return { candidates: judged, labels, targets, choice: { folds: folds.length + 1, rows: labels.length } };
}

const figuresOf = (task: Task, ...measured: Parameters<Task["groupFigures"]>) =>
  Object.fromEntries(task.groupFigures(...measured).map(({ name, value }) => [name, value]));
