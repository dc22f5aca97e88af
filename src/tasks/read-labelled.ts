// Texts and labels of a source, read whole, with what was left out. Knows no split and no model.
import { UserError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import {
  bareName,
  type LabelValue,
  openTable,
  readTextAndLabels,
  type Table,
  type TableSource,
} from "../tables/index.js";
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
 * @param check looks at the open table before its rows are read
 * @throws UserError when nothing can be read, or no row has both text and label
 */
export async function readLabelled(
  task: Pick<Task, "readsLists" | "isLabelled">,
  source: TableSource,
  columns: { text: readonly string[]; label: string; others?: readonly string[] },
  watch: Watch = {},
  check?: (table: Table) => void,
): Promise<LabelledTable> {
  const same = columns.text.find((name) => bareName(name) === bareName(columns.label));
  if (same !== undefined)
    throw new UserError(
      `Column '${same}' is both text and label. The label is what the model predicts from the text: choose another column.`,
    );
  const table = await openTable(source, watch);
  try {
    check?.(table);
    const { readsLists: asList, isLabelled } = task;
    const { total, labels, ...rows } = await readTextAndLabels(table, { ...columns, asList, isLabelled });
    const name = source.path === "-" ? "standard input" : source.path;
    const trimmed = labels.map((label) => (typeof label === "string" ? label.trim() : label));
    return { source: name, labelColumn: columns.label, labels: trimmed, ...rows };
  } finally {
    table.close();
  }
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
