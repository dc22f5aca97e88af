// The mean of several trained models' answers as one more candidate.
import { crossFitted, type EnsembleProblem, selectEnsemble, weightedMean } from "../../select/index.js";
import { ensembleFiles, ensembleName } from "../../tasks/families/ensemble.js";
import type { Measure, SplitRows, Task } from "../../tasks/index.js";
import type { FinishedFamily } from "./finished-family.js";
import { type Candidate, figureOf, modelResult } from "./train-family.js";

/** Of the models, the best ones by the figure may become members. */
const mostTried = 6;

export interface Ensemble extends Candidate {
  members: readonly { model: Candidate; weight: number }[];
}

/**
 * Nothing where one model alone is best. Its answers for the validation rows are those of ensembles that the other half of them chose:
 * so it is compared with its members fairly.
 */
export function ensembleOf(
  task: Task,
  rows: SplitRows,
  models: readonly Candidate[],
  { metric, isAsked, seed, isLate }: { metric: Measure; isAsked: boolean; seed: number; isLate(): boolean },
): Ensemble | undefined {
  const { targets } = rows.validation;
  const labels = rows.labels.validation;
  const { name, higherIsBetter = true } = metric;
  const sign = higherIsBetter ? 1 : -1;
  const spaceOf = (answers: Float32Array) => task.settle(rows.space, answers, targets);
  const scoreOf = ({ trained: { validation } }: Candidate) =>
    sign * figureOf(task, metric, labels, validation, spaceOf(validation));
  const tried = models
    .map((model) => ({ model, value: scoreOf(model) }))
    .sort((a, b) => b.value - a.value)
    .slice(0, mostTried)
    .map(({ model }) => model);
  if (tried.length < 2) return undefined;
  const problem: EnsembleProblem = {
    answers: tried.map(({ trained }) => trained.validation),
    rows: labels.length,
    isLate,
    score: (answers, some) => sign * task.measure(name, labels, answers, spaceOf(answers))(some),
  };
  const weights = selectEnsemble(problem);
  const members = tried.flatMap((model, i) => (weights[i] > 0 ? [{ model, weight: weights[i] }] : []));
  if (members.length < 2) return undefined;
  const sum = (of: (model: Candidate) => number) => members.reduce((total, { model }) => total + of(model), 0);
  const trained: FinishedFamily = {
    validation: crossFitted(problem),
    answers: weightedMean(
      members.map(({ model }) => model.trained.answers),
      members.map(({ weight }) => weight),
    ),
    answering: sum(({ trained: one }) => one.answering ?? 0),
    parameters: sum(({ trained: one }) => one.parameters),
    seconds: sum(({ trained: one }) => one.seconds),
    epochs: [],
    stopped: "finished",
    async files() {
      const parts = [];
      for (const { model, weight } of members)
        parts.push({ name: model.name, family: model.family, weight, files: await model.trained.files() });
      return ensembleFiles(parts);
    },
    async close() {},
  };
  const own = { name: ensembleName, family: ensembleName };
  const result = modelResult(task, own, rows, trained, seed, isAsked ? metric : undefined);
  return { ...own, members, trained, judged: trained.validation, result };
}
