// A figure of a task by its name, as people write it.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { didYouMean } from "../base/suggest.js";
import type { Measure, Task } from "./task.js";

/**
 * @throws UserError with the list where the task has no such figure
 * @example
 * measureOf(task, "macro-f1").title; // "Macro F1"
 */
export function measureOf({ measures, noun }: Pick<Task, "measures" | "noun">, asked: string): Measure {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const found = measures.find(({ name }) => plain(name) === plain(asked));
  if (found) return found;
  const names = measures.map(({ name }) => dashed(name));
  throw new UserError(
    `${noun[0].toUpperCase()}${noun.slice(1)} has no figure '${asked.slice(0, 60)}'; ${option("metric")} takes ` +
      `${names.join(", ")}.${didYouMean(asked, names)}`,
  );
}

/** "macro-f1" */
function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
