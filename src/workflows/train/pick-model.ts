// The choice between trained models by the validation rows: by the task's own figure, or by the one that was asked for.
import type { Head } from "../../networks/index.js";
import { pickByFigure } from "../../select/index.js";
import type { Comparison, Measure, SplitRows, Task } from "../../tasks/index.js";
import type { Judged } from "./choose-by-folds.js";
import { type Candidate, figureOf } from "./train-family.js";
import { favouredFirst } from "./wanted-families.js";

/** @param judged models, cheapest first */
export function pickModel(
  task: Task,
  rows: SplitRows,
  { candidates, labels, targets }: Judged,
  metric: Measure | undefined,
): Candidate {
  const ranked = favouredFirst(candidates, task, rows);
  const answers = ranked.map((one) => one.judged);
  if (!metric) return ranked[task.pick(answers, targets, rows.space)];
  const figures = answers.map((own) => task.measure(metric.name, labels, own, task.settle(rows.space, own, targets)));
  const { higherIsBetter = true, isOverLabels } = metric;
  const strata = isOverLabels ? task.strataOf?.(labels, rows.space) : undefined;
  return ranked[pickByFigure(labels.length, figures, { higherIsBetter, strata })];
}

/** What metrics.json holds of a figure. */
export function figureFacts({ name, title, isShare, higherIsBetter }: Measure): Comparison["metric"] {
  return { name, title, isShare, ...(higherIsBetter !== undefined && { higherIsBetter }) };
}

/** The same rows, with this figure telling the best epoch of a network. */
export function judgedBy(task: Task, rows: SplitRows, metric: Measure): SplitRows {
  const { space, labels, validation } = rows;
  const { title: name, isShare, higherIsBetter = true } = metric;
  const overall: Head["overall"] = {
    ...{ name, isShare, higherIsBetter },
    of: (answers) =>
      figureOf(task, metric, labels.validation, answers, task.settle(space, answers, validation.targets)),
  };
  return { ...rows, head: { ...rows.head, overall } };
}
