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
  /** Row of the table, from 0, of each text. */
  places: number[];
  labels: LabelValue[];
  /** The label column's type, where it is not text. */
  labelType?: string;
  /** By name: of each row the values of columns beside text and label. */
  others: Record<string, (string | null)[]>;
  skippedEmptyText: number;
  skippedEmptyLabel: number;
  /** Those of them whose label the task cannot use. */
  unfit: { rows: number; example: string; noun: string };
}

/**
 * @param path as the user named it
 * @throws UserError when nothing can be read, or no row has both text and label
 */
export async function readLabelled(
  { readsLists, isLabelled, labelNoun = "a label" }: Pick<Task, "readsLists" | "isLabelled" | "labelNoun">,
  table: Table,
  path: string,
  columns: { text: readonly string[]; label: string; others?: readonly string[] },
): Promise<LabelledTable> {
  const same = columns.text.find((name) => bareName(name) === bareName(columns.label));
  if (same !== undefined)
    throw new UserError(
      `Column '${same}' is both text and label. The label is what the model predicts from the text: choose another column.`,
    );
  const wanted = { ...columns, asList: readsLists, isLabelled, labelNoun };
  const { total, labels, unfit, ...rows } = await readTextAndLabels(table, wanted);
  const trimmed = labels.map((label) => (typeof label === "string" ? label.trim() : label));
  const source = path === "-" ? "standard input" : path;
  return { source, labelColumn: columns.label, labels: trimmed, unfit: { ...unfit, noun: labelNoun }, ...rows };
}

/** "reviews.csv: 3 rows without text and 1 row without label were left out.", or nothing. */
export function leftOutMessage({ source, skippedEmptyText, skippedEmptyLabel, unfit }: LabelledTable) {
  const withoutLabel = skippedEmptyLabel - unfit.rows;
  const parts = [
    skippedEmptyText > 0 && `${rowsOf(skippedEmptyText)} without text`,
    withoutLabel > 0 && `${rowsOf(withoutLabel)} without label`,
    unfit.rows > 0 &&
      `${rowsOf(unfit.rows)} whose label is not ${unfit.noun} (such as '${unfit.example.slice(0, 40)}')`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return undefined;
  const verb = skippedEmptyText + skippedEmptyLabel === 1 ? "was" : "were";
  return `${source}: ${parts.join(" and ")} ${verb} left out.`;
}

export function rowsOf(count: number): string {
  return count === 1 ? "1 row" : `${count} rows`;
}
