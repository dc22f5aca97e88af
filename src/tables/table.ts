// An open table: what everyone may know of it, and, for this folder only, how to query it.
import type { DuckDBConnection } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import { type Database, identifier } from "./database.js";

export interface Column {
  name: string;
  /** DuckDB's name of the type, such as VARCHAR, DOUBLE or BIGINT. */
  type: string;
}

/** Rows behind a file, a folder pattern, a DuckDB table or a query. Close it when done. */
export interface Table {
  /** What messages call it: the path, with the table where there is one. */
  description: string;
  columns: Column[];
  close(): void;
}

export interface TableAccess {
  database: Database;
  /** The rows, as something to select from. */
  relation: string;
}

const accesses = new WeakMap<Table, TableAccess>();

export function createTable(table: Table, access: TableAccess): Table {
  accesses.set(table, access);
  return table;
}

export function accessOf(table: Table): TableAccess {
  const access = accesses.get(table);
  if (!access) throw new Error("This table was not made by openTable.");
  return access;
}

/** The column called `name`, failing that one that differs in case or outer blanks. @throws UserError when there is no such column. */
export function findColumn(table: Table, name: string): Column {
  const found =
    table.columns.find((column) => column.name === name) ??
    table.columns.find((column) => column.name.trim().toLowerCase() === name.trim().toLowerCase());
  if (found) return found;
  const names = table.columns.map((column) => column.name);
  throw new UserError(
    `Column '${name}' is not in ${table.description}; its columns are ${names.join(", ")}.${didYouMean(name, names)}`,
  );
}

/** SQL for the text of a row: its columns joined by a newline, NULLs left out. */
export function textExpression(table: Table, text: readonly string[]): string {
  if (text.length === 0)
    throw new UserError(
      `No text column is named. The columns of ${table.description} are ` +
        `${table.columns.map((column) => column.name).join(", ")}.`,
    );
  const columns = text.map((name) => `CAST(${identifier(findColumn(table, name).name)} AS VARCHAR)`);
  return `concat_ws(chr(10), ${columns.join(", ")})`;
}

/** Rows of a statement, chunk by chunk (2048 rows) and column by column, in order. */
export async function* streamColumns(connection: DuckDBConnection, sql: string): AsyncGenerator<unknown[][]> {
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield chunk.getColumns();
  }
}
