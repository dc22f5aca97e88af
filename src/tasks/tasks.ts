// The tasks that are learned from a table: one table. A task's code is loaded when it is used.
import type { Table } from "../tables/index.js";
import type { Task, TaskOptions } from "./task.js";

export interface TaskEntry {
  /** Short description for display. */
  summary: string;
  /** Options of training that are this task's alone: whoever gives one means it. */
  options?: readonly (keyof TaskOptions)[];
  load(): Promise<Task>;
  /** How it is known by a label column, where nobody names a task. */
  recognise?(): Promise<TaskRecogniser>;
}

export interface TaskRecogniser {
  /** Whether the column can be nothing else. */
  claims?(table: Table, label: string): Promise<boolean>;
  /**
   * What to tell of labels that are learned as classes, but look like this task's.
   *
   * @param labels - one for each row
   */
  hint?(labels: readonly string[], column: string): string | undefined;
}

/** The first one is what labels are for unless another task is meant. */
export const tasks = {
  classify: {
    summary: "one label of a few for each text",
    load: async () => (await import("./classify/task.js")).classify,
  },
  multilabel: {
    summary: "any number of a few labels for each text",
    options: ["separator"],
    load: async () => (await import("./multilabel/task.js")).multilabel,
    recognise: async () => (await import("./multilabel/recognise.js")).recogniser,
  },
  regression: {
    summary: "a number for each text",
    load: async () => (await import("./regression/task.js")).regression,
    recognise: async () => (await import("./regression/recognise.js")).recogniser,
  },
} as const satisfies Record<string, TaskEntry>;

export type TaskName = keyof typeof tasks;

export const taskNames = Object.keys(tasks) as [TaskName, ...TaskName[]];

export function isTaskName(name: string): name is TaskName {
  return Object.hasOwn(tasks, name);
}
