// Rows by which a figure that someone asked for tells the best epoch of a network.
import type { Head } from "../../networks/index.js";
import type { LabelValue, Measure, Task, TrainingRows } from "../../tasks/index.js";
import { figureOf } from "./train-family.js";

/** @param labels of the validation rows */
export function judgedBy<Rows extends TrainingRows>(
  task: Task,
  rows: Rows,
  { space, labels }: { space: unknown; labels: readonly LabelValue[] },
  metric: Measure | undefined,
): Rows {
  if (!metric) return rows;
  const { title: name, isShare, higherIsBetter = true } = metric;
  const overall: Head["overall"] = {
    ...{ name, isShare, higherIsBetter },
    of: (answers) => figureOf(task, metric, labels, answers, task.settle(space, answers, rows.validation.targets)),
  };
  return { ...rows, head: { ...rows.head, overall } };
}
