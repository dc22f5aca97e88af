// The choice between trained models by the validation rows: by the task's own figure, or by the one that was asked for.
import { pickByFigure } from "../../select/index.js";
import type { Comparison, Measure, SplitRows, Task } from "../../tasks/index.js";
import type { Judged } from "./choose-by-folds.js";
import type { Candidate } from "./train-family.js";
import { favouredFirst } from "./wanted-families.js";

/**
 * The best model, and the one that is kept: the best of the family that was asked for, where it is among those that may be chosen.
 *
 * @param judged models, cheapest first
 * @param wanted `allowed`: those of them that may be chosen; all by default
 */
export function chooseModel(
  task: Task,
  rows: SplitRows,
  judged: Judged,
  wanted: { allowed?: Candidate[]; family: string; metric: Measure | undefined },
): { winner: Candidate; chosen: Candidate } {
  const { allowed = judged.candidates, family, metric } = wanted;
  const best = (candidates: Candidate[]) => pickModel(task, rows, { ...judged, candidates }, metric);
  const asked = allowed.filter((one) => one.family === family);
  const winner = best(allowed);
  return { winner, chosen: asked.length > 0 ? best(asked) : winner };
}

function pickModel(
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
