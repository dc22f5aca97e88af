// Texts and labels of a source, read whole, with what was left out. Knows no split and no model.
import { UserError } from "../base/errors.js";
import { bareName, type LabelValue, readTextAndLabels, type Table } from "../tables/index.js";
import type { Task } from "./task.js";

export type { LabelValue };

export interface LabelledTable {
  /** As the user named it. */
  source: string;
  labelColumn: string;
  texts: string[];
  labels: LabelValue[];
  /** The label column's type, where it is not text. */
  labelType?: string;
  /** By name: of each row the values of columns beside text and label. */
  others: Record<string, (string | null)[]>;
  skippedEmptyText: number;
  skippedEmptyLabel: number;
}

/**
 * @param path as the user named it
 * @throws UserError when nothing can be read, or no row has both text and label
 */
export async function readLabelled(
  { readsLists, isLabelled }: Pick<Task, "readsLists" | "isLabelled">,
  table: Table,
  path: string,
  columns: { text: readonly string[]; label: string; others?: readonly string[] },
): Promise<LabelledTable> {
  const same = columns.text.find((name) => bareName(name) === bareName(columns.label));
  if (same !== undefined)
    throw new UserError(
      `Column '${same}' is both text and label. The label is what the model predicts from the text: choose another column.`,
    );
  const { total, labels, ...rows } = await readTextAndLabels(table, { ...columns, asList: readsLists, isLabelled });
  const trimmed = labels.map((label) => (typeof label === "string" ? label.trim() : label));
  const source = path === "-" ? "standard input" : path;
  return { source, labelColumn: columns.label, labels: trimmed, ...rows };
}

/** "3 rows without text and 1 without label were left out of reviews.csv.", or nothing. */
export function leftOutMessage({ source, skippedEmptyText, skippedEmptyLabel }: LabelledTable): string | undefined {
  const parts = [
    skippedEmptyText > 0 && `${rowsOf(skippedEmptyText)} without text`,
    skippedEmptyLabel > 0 && `${rowsOf(skippedEmptyLabel)} without label`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return undefined;
  const verb = skippedEmptyText + skippedEmptyLabel === 1 ? "was" : "were";
  return `${source}: ${parts.join(" and ")} ${verb} left out.`;
}

export function rowsOf(count: number): string {
  return count === 1 ? "1 row" : `${count} rows`;
}
