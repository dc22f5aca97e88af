// The texts and labels of a table as arrays, for training and evaluation. Knows nothing of models.
import { explained, identifier } from "./database.js";
import { accessOf, findColumn, streamColumns, type Table, textExpression } from "./table.js";

/** Rows with a text and, where labels are asked for, a label; in the order of the table. */
export interface TextRows {
  texts: string[];
  /** One for each text; empty when no label column is asked for. */
  labels: string[];
  /** Rows of the table, kept or not. */
  total: number;
  /** Rows left out because no text column holds anything but blanks. */
  skippedEmptyText: number;
  /** Rows with a text that are left out because the label is NULL or blank. */
  skippedEmptyLabel: number;
}

/**
 * Reads the texts (several columns are joined by a newline, NULLs left out) and the labels as they are spelt.
 *
 * @throws UserError for a wrong column and for rows that cannot be read.
 * @example
 * const { texts, labels } = await readTextAndLabels(table, { text: ["title", "body"], label: "stars" });
 */
export async function readTextAndLabels(
  table: Table,
  { text, label }: { text: readonly string[]; label?: string },
): Promise<TextRows> {
  const { database, relation } = accessOf(table);
  const expressions = [textExpression(table, text)];
  if (label !== undefined) expressions.push(`CAST(${identifier(findColumn(table, label).name)} AS VARCHAR)`);
  const rows: TextRows = { texts: [], labels: [], total: 0, skippedEmptyText: 0, skippedEmptyLabel: 0 };
  await explained(table.description, async () => {
    const sql = `SELECT ${expressions.join(", ")} FROM ${relation}`;
    for await (const [texts, labels] of streamColumns(database.connection, sql)) {
      for (let i = 0; i < texts.length; i++) {
        const one = texts[i] as string;
        const wanted = labels?.[i] as string | null | undefined;
        if (one.trim() === "") rows.skippedEmptyText++;
        else if (label !== undefined && (wanted ?? "").trim() === "") rows.skippedEmptyLabel++;
        else {
          rows.texts.push(one);
          if (label !== undefined) rows.labels.push(wanted as string);
        }
      }
      rows.total += texts.length;
    }
  });
  return rows;
}
