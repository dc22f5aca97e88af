// What is learned from a label column: found from the options and the column's type, and hinted at where only the values tell.
// Knows no task.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { Table } from "../../tables/index.js";
import {
  type LabelValue,
  type TaskEntry,
  type TaskName,
  type TaskOptions,
  taskNames,
  tasks,
} from "../../tasks/index.js";

const [usual] = taskNames;
const entries = Object.entries(tasks) as [TaskName, TaskEntry][];

/**
 * @throws UserError when the options contradict each other
 * @example
 * await findTask(table, { label: "tags" }); // "multilabel": a column of lists
 */
export async function findTask(
  table: Table,
  { task, label, ...given }: { task?: TaskName; label: string } & Partial<TaskOptions>,
): Promise<TaskName> {
  for (const [name, { options = [] }] of entries) {
    const own = options.find((one) => given[one] !== undefined);
    if (own === undefined) continue;
    if (task === undefined || task === name) return name;
    throw new UserError(
      `${option(own)} is for ${option("task")} ${name}, not for ${option("task")} ${task}. Omit one of them.`,
    );
  }
  if (task !== undefined) return task;
  for (const [name, { recognise }] of entries) {
    const recogniser = await recognise?.();
    if (await recogniser?.claims?.(table, label)) return name;
  }
  return usual;
}

/**
 * What to tell of labels that are learned as classes, but not as their user may think: several in one, and quantities.
 *
 * @param found - the task that was found where none was named
 * @param given - one for each row
 * @example
 * await taskHint("classify", ["a;b", "a;c", "b;c", "a"], "tags"); // "'tags' looks like several labels a row, divided by ';' …"
 */
export async function taskHint(
  found: TaskName,
  given: readonly LabelValue[],
  column: string,
): Promise<string | undefined> {
  if (found !== usual) return undefined;
  const labels = given.map(String);
  for (const [, { recognise }] of entries) {
    const recogniser = await recognise?.();
    const hint = recogniser?.hint?.(labels, column);
    if (hint !== undefined) return hint;
  }
  return undefined;
}
