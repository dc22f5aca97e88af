// From tables to the rows of a run: read, divided, augmented, and the folds of them. Knows no family.
import type { WorkflowWatch } from "../../base/watch.js";
import { foldRows } from "../../tasks/fold-rows.js";
import {
  type LabelledTable,
  leftOutMessage,
  type Measure,
  readLabelled,
  type SplitRows,
  splitRows,
  type Task,
  type TaskName,
  tasks,
} from "../../tasks/index.js";
import { measureOf } from "../../tasks/measure-of.js";
import { withTable } from "../add-columns.js";
import { augmentRows } from "./augment-rows.js";
import { findTask, taskHint } from "./find-task.js";
import { judgedBy } from "./judged-by.js";
import type { TrainSettings } from "./options.js";

export interface PreparedRows {
  taskName: TaskName;
  task: Task;
  /** The table that is learned from. */
  read: LabelledTable;
  /** Rows of both tables without text or label. */
  skipped: { skippedEmptyText: number; skippedEmptyLabel: number };
  rows: SplitRows;
  metric?: Measure;
  folding?: ReturnType<typeof foldRows>;
}

/**
 * @param check of the task, before the rows are read
 * @param warn hears what to know of them
 * @throws UserError for a wrong table, column or metric, or too few rows
 */
export async function prepareRows(
  path: string,
  settings: TrainSettings,
  check: (task: Task) => void,
  warn: (...messages: (string | undefined)[]) => void,
  watch: WorkflowWatch,
): Promise<PreparedRows> {
  const { text, label, test, group, time, folds, splitSeed, table, query } = settings;
  const named = (...columns: (string | undefined)[]) => columns.filter((name) => name !== undefined);
  const columns = { text, label };
  watch.onProgress?.({ stage: "reading the table", done: 0, total: 1 });
  const { taskName, task, read } = await withTable({ path, table, query }, watch, async (opened) => {
    const taskName = await findTask(opened, settings);
    const task = await tasks[taskName].load();
    check(task);
    return {
      ...{ taskName, task },
      read: await readLabelled(task, opened, path, { ...columns, others: named(group, time) }),
    };
  });
  const testRead =
    test === undefined
      ? undefined
      : await withTable({ path: test }, watch, (opened) =>
          readLabelled(task, opened, test, { ...columns, others: named(group) }),
        );
  // Before the split, which may find that these are not labels.
  if (settings.task === undefined) warn(await taskHint(taskName, read.labels, label));
  const split = splitRows(task, read, testRead, splitSeed, settings);
  const { rows: augmented, warnings: unchanged } = await augmentRows(split, settings.augmentSwaps, splitSeed, watch);
  const metric = settings.metric === undefined ? undefined : measureOf(task, settings.metric);
  const judging = { space: augmented.space, labels: augmented.labels.validation };
  const rows = judgedBy(task, augmented, judging, metric);
  const folding = folds === undefined ? undefined : foldRows(task, rows, folds, splitSeed);
  warn(leftOutMessage(read), testRead && leftOutMessage(testRead));
  warn(...rows.warnings, ...unchanged, ...(folding?.warnings ?? []));
  const skipped = {
    skippedEmptyText: read.skippedEmptyText + (testRead?.skippedEmptyText ?? 0),
    skippedEmptyLabel: read.skippedEmptyLabel + (testRead?.skippedEmptyLabel ?? 0),
  };
  return { taskName, task, read, skipped, rows, metric, folding };
}
