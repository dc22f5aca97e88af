// What is learned from a label column: found from its type, and hinted at where only the values tell.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { holdsLists, type Table } from "../../tables/index.js";
import type { LabelValue, TaskName } from "../../tasks/index.js";
import { likelyDivision } from "../../tasks/multilabel/row-labels.js";

/** More values than a scale for answers has. */
const manyNumbers = 20;

/**
 * @throws UserError when the options contradict each other
 * @example
 * await findTask(table, { label: "tags" }); // "multilabel": a column of lists
 */
export async function findTask(
  table: Table,
  { task, label, separator }: { task?: TaskName; label: string; separator?: string },
): Promise<TaskName> {
  if (separator !== undefined && task !== undefined && task !== "multilabel")
    throw new UserError(
      `${option("separator")} is for ${option("task")} multilabel, not for ${option("task")} ${task}. Omit one of them.`,
    );
  if (task !== undefined) return task;
  return separator !== undefined || (await holdsLists(table, label)) ? "multilabel" : "classify";
}

/**
 * What to tell of labels that are learned as classes, but not as their user may think: several in one, and quantities.
 *
 * @param given - one for each row
 * @example
 * taskHint(["a;b", "a;c", "b;c", "a"], "tags"); // "'tags' looks like several labels a row, divided by ';' …"
 */
export function taskHint(given: readonly LabelValue[], column: string): string | undefined {
  const labels = given.map(String);
  const values = [...new Set(labels)];
  if (values.length > manyNumbers && values.every(isQuantity))
    return (
      `'${column}' contains numbers with ${values.length} different values. Each one is a separate label: that 4 is near ` +
      `5 is not learned. If they are amounts, predict them as numbers: add ${option("task")} regression.`
    );
  const division = likelyDivision(labels);
  if (division === undefined) return undefined;
  return (
    `'${column}' looks like several labels a row, divided by '${division.separator}': add ${option("task")} multilabel. ` +
    "Without it, each combination is a label of its own."
  );
}

/** 007 is a name. */
const isQuantity = (label: string) => /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(label.trim());
