// The texts and labels of a table as arrays, for training and evaluation. Knows nothing of models.
import { UserError } from "../base/errors.js";
import { labelTypeOf } from "./label-types.js";
import {
  accessOf,
  checkCount,
  findColumn,
  findColumns,
  hasRows,
  mustHaveRows,
  streamColumns,
  type Table,
} from "./table.js";
import { labelSql, textSql } from "./text-sql.js";

/** Rows with a text and, if labels are requested, a label; in the order of the table. */
export interface TextRows {
  texts: string[];
  /** One for each text; empty if no label column is requested. */
  labels: string[];
  /** The label column's type, if its values can be restored from text. */
  labelType?: string;
  /** The value of the column to group by for each text, as text, if such a column is requested. */
  groups?: (string | null)[];
  /** Rows of the table, kept or not. */
  total: number;
  /** Rows omitted because all text columns are blank. */
  skippedEmptyText: number;
  /** Rows with a text that are omitted because the label is NULL or blank. */
  skippedEmptyLabel: number;
}

/**
 * Reads the texts (several columns are joined by a newline, NULL and empty ones omitted) and the labels as text: 1, 1.0
 * and 1.00 of number columns are all '1', dates 2026-01-31, lists and objects as JSON, text unchanged ('007'). `by` is a
 * column to group by.
 *
 * @throws UserError for a wrong column, for rows that cannot be read, and when no row has a text (and a label).
 * @example
 * const { texts, labels } = await readTextAndLabels(table, { text: ["title", "body"], label: "stars" });
 */
export async function readTextAndLabels(
  table: Table,
  { text, label, by }: { text: readonly string[]; label?: string; by?: string },
): Promise<TextRows> {
  mustHaveRows(table);
  const { database, relation, reading } = accessOf(table);
  const expressions = [textSql(findColumns(table, text))];
  const labelColumn = label === undefined ? undefined : findColumn(table, label);
  const labelType = labelColumn && labelTypeOf(labelColumn);
  if (labelColumn) expressions.push(labelSql(labelColumn), labelType?.isLostSql ?? "true");
  if (by !== undefined) expressions.push(labelSql(findColumn(table, by)));
  const rows: TextRows = { texts: [], labels: [], total: 0, skippedEmptyText: 0, skippedEmptyLabel: 0 };
  if (by !== undefined) rows.groups = [];
  let isLost = false;
  await reading(async () => {
    const sql = `SELECT ${expressions.join(", ")} FROM ${relation}`;
    for await (const [texts, ...others] of streamColumns(database.connection, sql)) {
      const labels = label === undefined ? undefined : others[0];
      const groups = by === undefined ? undefined : others[others.length - 1];
      for (let i = 0; i < texts.length; i++) {
        const one = texts[i] as string;
        const wanted = labels?.[i] as string | null | undefined;
        if (one.trim() === "") rows.skippedEmptyText++;
        else if (label !== undefined && (wanted ?? "").trim() === "") rows.skippedEmptyLabel++;
        else {
          rows.texts.push(one);
          if (label !== undefined) rows.labels.push(wanted as string);
          if (label !== undefined && others[1][i]) isLost = true;
          if (groups) rows.groups?.push(groups[i] as string | null);
        }
      }
      rows.total += texts.length;
    }
  });
  checkCount(table, rows.total);
  if (rows.texts.length === 0) throw nothingLeft(table, text, label, rows);
  return labelType && !isLost ? { ...rows, labelType: labelType.type } : rows;
}

/**
 * The text of every row in the order of the table (several columns joined as above), null if there is none.
 *
 * @throws UserError for a wrong column, for rows that cannot be read, and when no row has a text.
 * @example
 * const texts = await readTexts(table, ["title", "body"]);
 */
export async function readTexts(table: Table, columns: readonly string[]): Promise<(string | null)[]> {
  mustHaveRows(table);
  const { database, relation, reading } = accessOf(table);
  const sql = `SELECT ${textSql(findColumns(table, columns))} FROM ${relation}`;
  const texts: (string | null)[] = [];
  await reading(async () => {
    for await (const [values] of streamColumns(database.connection, sql))
      for (const value of values as string[]) texts.push(value.trim() === "" ? null : value);
  });
  checkCount(table, texts.length);
  if (texts.every((text) => text === null))
    throw nothingLeft(table, columns, undefined, { total: texts.length, skippedEmptyText: texts.length });
  return texts;
}

/**
 * Texts spread over the table: all of them, or, if more than `most`, every 2nd, 4th, 8th … Memory does not grow with the rows.
 *
 * @throws UserError for a wrong column and for rows that cannot be read.
 * @example
 * const some = await sampleTexts(table, ["body"], 100_000);
 */
export async function sampleTexts(table: Table, columns: readonly string[], most: number): Promise<string[]> {
  if (!hasRows(table)) return [];
  const { database, relation, reading } = accessOf(table);
  const sql = `SELECT ${textSql(findColumns(table, columns))} FROM ${relation}`;
  let kept: string[] = [];
  let [step, seen] = [1, 0];
  await reading(async () => {
    for await (const [values] of streamColumns(database.connection, sql))
      for (const value of values as string[]) {
        if (value.trim() === "" || seen++ % step > 0) continue;
        kept.push(value);
        if (kept.length <= most) continue;
        kept = kept.filter((_, i) => i % 2 === 0);
        step *= 2;
      }
  });
  return kept;
}

function nothingLeft(
  table: Table,
  text: readonly string[],
  label: string | undefined,
  rows: Pick<TextRows, "total" | "skippedEmptyText"> & Partial<TextRows>,
): UserError {
  const names = text.map((name) => `'${name}'`).join(" and ");
  const others = `The columns are ${table.columns.map((column) => column.name).join(", ")}.`;
  if (rows.skippedEmptyText === rows.total)
    return new UserError(`${table.description}: ${names} is empty in all ${rows.total} rows. ${others}`);
  return new UserError(
    `${table.description} has no row with both a text and a label: of ${rows.total} rows, ${rows.skippedEmptyText} have ` +
      `no text in ${names} and ${rows.skippedEmptyLabel ?? 0} of the others no label in '${label}'. ${others}`,
  );
}
