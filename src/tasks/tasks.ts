// The tasks that are learned from a table: one table. A task's code is loaded when it is used.
import type { Task } from "./task.js";

export interface TaskEntry {
  /** Short description for display. */
  summary: string;
  load(): Promise<Task>;
}

export const tasks = {
  classify: {
    summary: "one label of a few for each text",
    load: async () => (await import("./classify/task.js")).classify,
  },
  multilabel: {
    summary: "any number of a few labels for each text",
    load: async () => (await import("./multilabel/task.js")).multilabel,
  },
  regression: {
    summary: "a number for each text",
    load: async () => (await import("./regression/task.js")).regression,
  },
} as const satisfies Record<string, TaskEntry>;

export type TaskName = keyof typeof tasks;

export const taskNames = Object.keys(tasks) as [TaskName, ...TaskName[]];

export function isTaskName(name: string): name is TaskName {
  return Object.hasOwn(tasks, name);
}
