// Texts and labels of a source, read whole, with what was left out. Knows no split and no model.
import { UserError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import { bareName, openTable, readTextAndLabels, type Table, type TableSource } from "../../tables/index.js";

export interface LabelledTable {
  /** As the user named it. */
  source: string;
  labelColumn: string;
  texts: string[];
  labels: string[];
  /** The label column's type, where it is not text. */
  labelType?: string;
  /** Of each row, where a column to group by is named. */
  groups?: (string | null)[];
  skippedEmptyText: number;
  skippedEmptyLabel: number;
}

/**
 * @param check looks at the open table before its rows are read
 * @throws UserError when nothing can be read, or no row has both text and label
 */
export async function readLabelled(
  source: TableSource,
  columns: { text: readonly string[]; label: string; by?: string },
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
    const { texts, labels, labelType, groups, skippedEmptyText, skippedEmptyLabel } = await readTextAndLabels(
      table,
      columns,
    );
    const name = source.path === "-" ? "standard input" : source.path;
    if (texts.length === 0)
      throw new UserError(
        `${name} has no row with both text and label: ${skippedEmptyText} rows have no text in ` +
          `${columns.text.map((column) => `'${column}'`).join(", ")}, ${skippedEmptyLabel} more no label in ` +
          `'${columns.label}'. Choose other columns or fill them.`,
      );
    const trimmed = labels.map((label) => label.trim());
    const labelColumn = columns.label;
    return {
      source: name,
      labelColumn,
      texts,
      labels: trimmed,
      labelType,
      groups,
      skippedEmptyText,
      skippedEmptyLabel,
    };
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
