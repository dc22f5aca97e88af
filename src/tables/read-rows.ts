// The texts and labels of a table as arrays, for training and evaluation. Knows nothing of models.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { labelTypeOf } from "./label-types.js";
import { mostText, textsInMemory } from "./limits.js";
import {
  accessOf,
  checkCount,
  columnList,
  countRows,
  findColumn,
  findColumns,
  hasRows,
  mustHaveRows,
  streamColumns,
  type Table,
} from "./table.js";
import { isList, itemsSql, joinTexts, labelSql, textParts } from "./text-sql.js";

/** What a label column says of a row: a text, or the items of a list. */
export type LabelValue = string | readonly string[];

/**
 * Whether a column holds lists: by its type, or where JSON values are of several kinds, by most of them.
 *
 * @throws UserError for a wrong column, and for rows that cannot be read.
 */
export async function holdsLists(table: Table, name: string): Promise<boolean> {
  if (!hasRows(table)) return false;
  const { sql, type, logical } = findColumn(table, name);
  if (isList(logical)) return true;
  if (type !== "JSON") return false;
  const { database, relation, reading } = accessOf(table);
  const kinds = `SELECT json_type(${sql}) AS kind FROM ${relation}`;
  const query = `SELECT 2 * count(*) FILTER (kind = 'ARRAY') > count(*) FROM (${kinds}) WHERE kind <> 'NULL'`;
  return reading(async () => (await database.connection.runAndReadAll(query)).getRows()[0][0] === true);
}

/** Rows with a text and, if labels are requested, a label; in the order of the table. */
export interface TextRows {
  texts: string[];
  /** Row of the table, from 0, that each text stands in. */
  places: number[];
  /** One for each text; empty if no label column is requested. */
  labels: LabelValue[];
  /** The label column's type, if its values can be restored from text. */
  labelType?: string;
  /** By name: the values of other columns for each text, written like labels. */
  others: Record<string, (string | null)[]>;
  /** Rows of the table, kept or not. */
  total: number;
  /** Rows omitted because all text columns are blank. */
  skippedEmptyText: number;
  /** Rows with a text that are omitted because of their label. */
  skippedEmptyLabel: number;
  /** Those of them that have a label, but not one that is looked for, and the first such label. */
  unfit: { rows: number; example: string };
}

export interface RowsToRead {
  text: readonly string[];
  label?: string;
  /** Whether a list is read as its items; otherwise it is a text like any other. */
  asList?: boolean;
  /** Which rows are kept by their label. Default: those whose label is not NULL or blank. */
  isLabelled?(label: LabelValue | null): boolean;
  /** What such a label is, for messages: "a number". */
  labelNoun?: string;
  /** Columns that are kept beside texts and labels. */
  others?: readonly string[];
}

/**
 * Reads the texts (several columns are joined by a newline, NULL and empty ones omitted) and the labels as text: 1, 1.0
 * and 1.00 of number columns are all '1', dates 2026-01-31, lists and objects as JSON, text unchanged ('007').
 *
 * @throws UserError for a wrong column, for rows that cannot be read, and when no row has a text (and a label).
 * @example
 * const { texts, labels } = await readTextAndLabels(table, { text: ["title", "body"], label: "stars" });
 */
export async function readTextAndLabels(table: Table, wanted: RowsToRead): Promise<TextRows> {
  mustHaveRows(table);
  const { text, label, asList = false, isLabelled = hasLabel, labelNoun = "a label", others = [] } = wanted;
  const { database, relation, reading } = accessOf(table);
  const labelColumn = label === undefined ? undefined : findColumn(table, label);
  const labelType = labelColumn && labelTypeOf(labelColumn);
  const parts = textParts(findColumns(table, text));
  const expressions = [
    ...parts,
    labelColumn ? (asList ? itemsSql(labelColumn) : labelSql(labelColumn)) : "NULL",
    labelType?.isLostSql ?? "true",
    ...others.map((name) => labelSql(findColumn(table, name))),
  ];
  const rows: TextRows = {
    ...{ texts: [], places: [], labels: [], others: {}, total: 0, skippedEmptyText: 0, skippedEmptyLabel: 0 },
    unfit: { rows: 0, example: "" },
  };
  for (const name of others) rows.others[name] = [];
  let isLost = false;
  const fits = textsInMemory(table.description);
  await reading(async () => {
    const sql = `SELECT ${expressions.join(", ")} FROM ${relation}`;
    for await (const columns of streamColumns(database.connection, sql)) {
      const texts = joinTexts(columns.slice(0, parts.length));
      const [labels, losses, ...kept] = columns.slice(parts.length);
      for (let i = 0; i < texts.length; i++) {
        const one = texts[i];
        const value = labelOf(labels[i]);
        if (one.trim() === "") rows.skippedEmptyText++;
        else if (label !== undefined && !isLabelled(value)) {
          rows.skippedEmptyLabel++;
          if (hasLabel(value) && rows.unfit.rows++ === 0) rows.unfit.example = value.trim();
        } else {
          fits(one);
          rows.texts.push(one);
          rows.places.push(rows.total + i);
          if (label !== undefined) rows.labels.push(value ?? "");
          if (losses[i]) isLost = true;
          for (const [c, name] of others.entries()) rows.others[name].push(kept[c][i] as string | null);
        }
      }
      rows.total += texts.length;
    }
  });
  checkCount(table, rows.total);
  if (label !== undefined && rows.unfit.rows > rows.texts.length) throw mostlyUnfit(table, label, labelNoun, rows);
  if (rows.texts.length === 0) throw nothingLeft(table, text, label, rows);
  return labelType && !isLost ? { ...rows, labelType: labelType.type } : rows;
}

function hasLabel(label: LabelValue | null): label is string {
  return typeof label === "string" && label.trim() !== "";
}

/** DuckDB's lists carry their items. */
function labelOf(value: unknown): LabelValue | null {
  if (typeof value === "string" || value === null) return value;
  return (value as { items: (string | null)[] }).items.filter((item) => item !== null);
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
  const sql = `SELECT ${textParts(findColumns(table, columns)).join(", ")} FROM ${relation}`;
  const texts: (string | null)[] = [];
  const fits = textsInMemory(table.description);
  await reading(async () => {
    for await (const parts of streamColumns(database.connection, sql))
      for (const value of joinTexts(parts)) {
        fits(value);
        texts.push(value.trim() === "" ? null : value);
      }
  });
  checkCount(table, texts.length);
  if (texts.every((text) => text === null))
    throw nothingLeft(table, columns, undefined, { total: texts.length, skippedEmptyText: texts.length });
  return texts;
}

/**
 * Texts spread over the table: all of them, or, if more than `most` or too long for memory, every 2nd, 4th, 8th … Memory does not grow with the rows.
 *
 * @throws UserError for a wrong column and for rows that cannot be read.
 * @example
 * const some = await sampleTexts(table, ["body"], 100_000);
 */
export async function sampleTexts(table: Table, columns: readonly string[], most: number): Promise<string[]> {
  if (!hasRows(table)) return [];
  const { database, relation, reading } = accessOf(table);
  const sql = `SELECT ${textParts(findColumns(table, columns)).join(", ")} FROM ${relation}`;
  let kept: string[] = [];
  let [step, seen, length] = [1, 0, 0];
  await reading(async () => {
    for await (const parts of streamColumns(database.connection, sql))
      for (const value of joinTexts(parts)) {
        if (value.trim() === "" || seen++ % step > 0) continue;
        kept.push(value);
        length += value.length;
        if (kept.length === 1 || (kept.length <= most && length <= mostText())) continue;
        kept = kept.filter((_, i) => i % 2 === 0);
        length = kept.reduce((sum, text) => sum + text.length, 0);
        step *= 2;
      }
  });
  return kept;
}

/**
 * Columns as text, written like labels, of rows spread over the table: all of them, or every so many'th where there are more than
 * `most`.
 *
 * @returns for each row its number from 0, and for each column its values
 * @throws UserError for a wrong column and for rows that cannot be read.
 * @example
 * const { places, values } = await sampleColumns(table, ["country"], 10_000);
 */
export async function sampleColumns(
  table: Table,
  names: readonly string[],
  most: number,
): Promise<{ places: number[]; values: (string | null)[][] }> {
  const { database, relation, reading } = accessOf(table);
  const step = Math.max(1, Math.ceil((await countRows(table)) / most));
  const columns = names.map((name, c) => `${labelSql(findColumn(table, name))} AS c${c}`).join(", ");
  const numbered = `SELECT row_number() OVER () - 1 AS place, ${columns} FROM ${relation}`;
  const sql = `FROM (${numbered}) WHERE place % ${step} = 0 ORDER BY place`;
  const places: number[] = [];
  const values: (string | null)[][] = names.map(() => []);
  await reading(async () => {
    for await (const [rows, ...found] of streamColumns(database.connection, sql)) {
      for (const row of rows) places.push(Number(row));
      for (const [c, column] of found.entries()) for (const value of column) values[c].push(value as string | null);
    }
  });
  return { places, values };
}

function mostlyUnfit(table: Table, label: string, noun: string, { texts, unfit }: TextRows): UserError {
  return new UserError(
    `${table.description}: '${label}' is not ${noun} in ${unfit.rows} of ${unfit.rows + texts.length} rows, such as ` +
      `'${unfit.example.slice(0, 40)}'. Choose another ${option("label")} column, or convert it with ${option("query")}.`,
  );
}

function nothingLeft(
  table: Table,
  text: readonly string[],
  label: string | undefined,
  rows: Pick<TextRows, "total" | "skippedEmptyText"> & Partial<TextRows>,
): UserError {
  const names = text.map((name) => `'${name}'`).join(" and ");
  const others = `The columns are ${columnList(table)}.`;
  if (rows.skippedEmptyText === rows.total)
    return new UserError(`${table.description}: ${names} is empty in all ${rows.total} rows. ${others}`);
  return new UserError(
    `${table.description} has no row with both a text and a label: of ${rows.total} rows, ${rows.skippedEmptyText} have ` +
      `no text in ${names} and ${rows.skippedEmptyLabel ?? 0} of the others no label in '${label}'. ${others}`,
  );
}
