// An open table: what everyone may know of it, and, for this folder only, how to query it.
import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import type { ArrowField } from "../formats/arrow-schema.js";
import { bareName } from "./column-names.js";
import type { Database } from "./database.js";

export interface Column {
  /** The original name; it may be empty, or differ from another only in case or surrounding blanks. */
  name: string;
  /** DuckDB's name of the type, such as VARCHAR, DOUBLE or BIGINT. */
  type: string;
  /** The type with its parts. */
  logical: DuckDBType;
  /** The value in SQL, for a SELECT from the table's relation. */
  sql: string;
  /** The value's text as in the JSON file, digit for digit, from which `sql` is derived. */
  spelt?: string;
}

/** The rows of a file, a file pattern, a DuckDB table or a query. Close it when done. */
export interface Table {
  /** Name for messages: the path, with the table if there is one. */
  description: string;
  columns: Column[];
  close(): void;
}

/** A column of files before its type is known. */
export interface ReadColumn extends Pick<Column, "name" | "sql" | "spelt"> {
  /** What queries call it. */
  unique: string;
  parquet?: ParquetColumn;
}

/** What DuckDB does not read of a column of a Parquet file. */
export interface ParquetColumn {
  /** Its field in an Arrow schema, where that has a type that DuckDB does not know. */
  origin?: ArrowField;
  /** It has times in nanoseconds, read to the microsecond. */
  isCut?: boolean;
  /** It has fields without a name, which were given one. */
  isNamed?: boolean;
  /** A query came between: it may be the column of that name, but what `origin` says is not kept. */
  isQueried?: boolean;
}

export interface JsonObjects {
  /** SQL: the text of a row's object without its closing brace, ready for more fields. */
  openObject: string;
  /** Fields that are no columns, since there are too many of them. */
  lostFields: number;
  /** A field that stands twice in some of the objects. */
  repeatedField?: string;
}

export interface TableAccess {
  database: Database;
  /** The rows, as something to select from. */
  relation: string;
  isEmpty: boolean;
  /** Rows that were counted without DuckDB (CSV and JSON files without a query): it must find as many. */
  countedRows?: number;
  /** Of JSON files without a query, which pass through as they are written. */
  json?: JsonObjects;
  /** For each column, of Parquet files. */
  parquet?: readonly (ParquetColumn | undefined)[];
  /** The files whose texts are the rows, each one row, when the table is plain text. */
  textFiles?: readonly string[];
  /**
   * Runs `work`, which may fill the file `aside`; what DuckDB says against the input becomes a UserError about this table, and
   * so does growth beyond all measure.
   */
  reading<T>(work: () => Promise<T>, aside?: string): Promise<T>;
}

const accesses = new WeakMap<Table, TableAccess>();

export function createTable(table: Table, access: TableAccess): Table {
  accesses.set(table, access);
  return table;
}

export function accessOf(table: Table): TableAccess {
  const access = accesses.get(table);
  if (!access) throw new Error("This table was not created by openTable.");
  return access;
}

/** The names of all columns, for messages; an empty one is shown as ''. */
export function columnList({ columns }: Pick<Table, "columns">): string {
  return columns.map(({ name }) => name || "''").join(", ");
}

/** Whether there is a column named `name`, ignoring case and surrounding blanks. */
export function hasColumn(table: Table, name: string): boolean {
  return columnOf(table, name) !== undefined;
}

/** The column called `name`, failing that one that differs in case or outer blanks. @throws UserError when there is no such column. */
export function findColumn(table: Table, name: string): Column {
  const found = columnOf(table, name);
  if (found) return found;
  const names = table.columns.map((column) => column.name);
  throw new UserError(
    `Column '${name}' is not in ${table.description}; its columns are ${columnList(table)}.${didYouMean(name, names)}`,
  );
}

function columnOf({ columns }: Table, name: string): Column | undefined {
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.trim() === name.trim()) ??
    columns.find((column) => bareName(column.name) === bareName(name))
  );
}

/** Whether there are any rows. */
export const hasRows = (table: Table) => !accessOf(table).isEmpty;

/** @throws UserError when there is none, for work that makes no sense without rows. */
export function mustHaveRows(table: Table): void {
  if (hasRows(table)) return;
  const only = table.columns.length > 0 ? ", only column names" : "";
  throw new UserError(`${table.description} has no rows${only}. Add rows, or choose another table.`);
}

/** The columns called `names`. @throws UserError when there is none, or one of them is not there. */
export function findColumns(table: Table, names: readonly string[]): Column[] {
  if (names.length > 0) return names.map((name) => findColumn(table, name));
  throw new UserError(
    `No text column is specified. The columns of ${table.description} are ` + `${columnList(table)}.`,
  );
}

/** @throws UserError when DuckDB found fewer rows or more than there are. */
export function checkCount(table: Table, rows: number): void {
  const { countedRows } = accessOf(table);
  if (countedRows !== undefined && countedRows !== rows)
    throw new UserError(
      `${table.description} has ${countedRows} rows, but ${rows} could be read: its quotes are ambiguous, ` +
        "or it changed in the meantime. Save it again with every text in quotes, or as Parquet.",
    );
}

/** Number of rows, for progress. */
export async function countRows(table: Table): Promise<number> {
  const { countedRows, textFiles, database, relation, reading } = accessOf(table);
  const known = countedRows ?? textFiles?.length;
  if (known !== undefined) return known;
  const counted = await reading(() => database.connection.runAndReadAll(`SELECT count(*) FROM ${relation}`));
  return Number(counted.getRows()[0][0]);
}

/** Of large texts fewer rows come at once: about so many UTF-16 units. */
const longestPart = 1 << 24;

/**
 * Rows of a statement in order, by columns, some at once (at most 2048). What goes wrong after the first rows looks like the end of them
 * (duckdb_fetch_chunk tells no error), so a row of our own stands behind the last.
 *
 * @throws the statement's error, also where it comes after some rows
 */
export async function* streamColumns(connection: DuckDBConnection, sql: string): AsyncGenerator<unknown[][]> {
  const { columnCount } = await connection.prepare(sql);
  const result = await connection.stream(
    `SELECT *, false FROM (${sql}) UNION ALL SELECT ${"NULL, ".repeat(columnCount)}true`,
  );
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) throw await whyItEnded(connection, sql);
    const isEnd = chunk.getColumnVector(columnCount).getItem(chunk.rowCount - 1) === true;
    const rows = isEnd ? chunk.rowCount - 1 : chunk.rowCount;
    const vectors = Array.from({ length: columnCount }, (_, c) => chunk.getColumnVector(c));
    let columns: unknown[][] = vectors.map(() => []);
    let length = 0;
    for (let row = 0; row < rows; row++) {
      if (length > longestPart) {
        yield columns;
        columns = vectors.map(() => []);
        length = 0;
      }
      for (const [c, vector] of vectors.entries()) {
        const value = vector.getItem(row);
        if (typeof value === "string") length += value.length;
        columns[c].push(value);
      }
    }
    if (rows > 0) yield columns;
    if (isEnd) return;
  }
}

/** The error that ended the rows of a statement, by computing all of them again. */
async function whyItEnded(connection: DuckDBConnection, sql: string): Promise<unknown> {
  try {
    await connection.run(`SELECT max(hash(one)) FROM (${sql}) AS one`);
  } catch (error) {
    return error;
  }
  return new Error("The rows of a table ended before the last one: reading was interrupted.");
}
