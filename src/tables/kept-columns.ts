// What is put aside of a table's rows before they are written again, so that its columns pass through as they are.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import duckdb from "./duckdb.js";
import type { FileFormat } from "./file-formats.js";
import { oneLine } from "./json-sql.js";
import { accessOf, findColumns, type Table } from "./table.js";
import { jsonText, textBytesSql, textSql } from "./text-sql.js";
import type { OutColumn } from "./write-table.js";

const { VARCHAR } = duckdb;

/** What is put aside of each row, and what becomes of it in the file. */
export interface KeptColumns {
  /** The row's text, from the table's relation and from what was put aside. */
  text: string;
  /** About how many bytes it has. */
  bytes: string;
  storedText: string;
  stored: { sql: string }[];
  columns: OutColumn[];
  openObject?: string;
}

/**
 * JSON goes to JSON as the text that it is, to CSV as it is spelt, and to Parquet under the types that hold it.
 *
 * @param text columns of the row's text; none where it is not needed
 * @param without columns that are not written; of tables other than JSON
 */
export function keptColumns(
  table: Table,
  text: readonly string[],
  format: FileFormat,
  without: readonly string[] = [],
): KeptColumns {
  const { json, parquet } = accessOf(table);
  const texts = table.columns.length === 0 || text.length === 0 ? [] : findColumns(table, text);
  const whole = texts.length === 0 ? "''" : textSql(texts);
  const bytes = texts.length === 0 ? "0" : textBytesSql(texts);
  if (!json) {
    const columns = table.columns.flatMap(({ name, logical }, i) =>
      without.includes(name) ? [] : [{ name, sql: `r.c${i}`, type: logical, parquet: parquet?.[i] }],
    );
    if (format.kind === "json") checkNames(columns);
    const again = texts.map((column) => ({ type: column.type, sql: `c${table.columns.indexOf(column)}` }));
    return { text: whole, bytes, storedText: textSql(again), stored: table.columns, columns };
  }
  const withText = (stored: { sql: string }[], rest: Pick<KeptColumns, "columns" | "openObject">) => {
    const storedText = `c${stored.length}`;
    return { text: whole, bytes, storedText, stored: [...stored, { sql: whole }], ...rest };
  };
  if (format.kind === "json")
    return withText([{ sql: format.isArray ? json.openObject : oneLine(json.openObject) }], {
      columns: [],
      openObject: "r.c0",
    });
  checkFields(table);
  const isText = format.kind === "csv";
  const stored = table.columns.map(({ sql, spelt = sql }) => ({ sql: isText ? jsonText(spelt) : sql }));
  const columns = table.columns.map(({ name, logical }, i) => ({
    name,
    sql: `r.c${i}`,
    type: isText ? VARCHAR : logical,
  }));
  return withText(stored, { columns });
}

/** @throws UserError when two columns have the very same name, as empty ones may: an object keeps one of them */
function checkNames(columns: readonly OutColumn[]): void {
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new UserError(
      `Two columns are called '${twice}', and a JSON object can hold only one of them. Write .csv or .parquet, or name ` +
        `the columns with ${option("query")}.`,
    );
}

/** @throws UserError when the objects hold what a table with columns can't */
function checkFields(table: Table): void {
  const { json } = accessOf(table);
  const { lostFields = 0, repeatedField } = json ?? {};
  if (lostFields > 0)
    throw new UserError(
      `${table.description} has ${table.columns.length + lostFields} different fields, too many for columns. Write ` +
        ".jsonl or .json, where each row keeps its own.",
    );
  if (repeatedField !== undefined)
    throw new UserError(
      `${table.description}: field '${repeatedField}' occurs twice in one object, but a column can hold only one of them. ` +
        "Write .jsonl or .json, which keep both.",
    );
}
