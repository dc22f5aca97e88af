// From a path to an open table: which reader, with which settings, and what can be wrong with the file.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { DuckDBConnection } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import { csvReader } from "./csv-reader.js";
import { type Database, explained, identifier, literal, openDatabase } from "./database.js";
import { checkGzip } from "./file-chunks.js";
import { readJson } from "./json-reader.js";
import { parquetReader } from "./parquet-reader.js";
import { spool } from "./spool.js";
import { type Column, createTable, type ReadColumn, type Table, type TableAccess } from "./table.js";
import { textReader } from "./text-files.js";

/**
 * Where rows come from. `path` is a CSV, TSV, JSON Lines, JSON or Parquet file (CSV and JSON also as `.gz`), plain text
 * (`.txt`, `.txt.gz`: a file is a row, with the columns `file` and `text`), a pattern such as `reviews/*.csv` or
 * `novels/*.txt`, a DuckDB file, or "-" for standard input (CSV, or JSON Lines or Parquet by its first bytes). `table` picks a table of a DuckDB file.
 * `query` is a SELECT; over a plain file it selects from `input`, where columns of CSV files are text:
 * write `CAST(stars AS INTEGER) > 3`.
 */
export interface TableSource {
  path: string;
  table?: string;
  query?: string;
}

type Kind = "csv" | "json" | "text" | "parquet" | "duckdb";

const kinds: Record<string, Kind> = {
  csv: "csv",
  tsv: "csv",
  json: "json",
  jsonl: "json",
  ndjson: "json",
  txt: "text",
  parquet: "parquet",
  duckdb: "duckdb",
  db: "duckdb",
};

/**
 * Opens a table. The columns of CSV files are all VARCHAR: values such as 007 keep their spelling.
 *
 * @throws UserError for a missing, empty or damaged file, an unknown ending, a wrong table and a bad query.
 * @example
 * const table = await openTable({ path: "reviews.csv", query: "SELECT * FROM input WHERE stars <> '3'" });
 * table.columns.map((column) => column.name);
 * table.close();
 */
export async function openTable(source: TableSource, stdin: Readable = process.stdin): Promise<Table> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source.path))
    throw new UserError(`'${source.path}' is an address. Download the file first and give its path.`);
  if (source.path === "") throw new UserError("The path of the table is empty. Name a file such as reviews.csv.");
  const database = await openDatabase();
  const { connection, close } = database;
  try {
    const isInput = source.path === "-";
    const path = isInput ? await spool(stdin, database.folder()) : source.path;
    let description = isInput ? "standard input" : path;
    const kind = kindOf(path);
    if (kind !== "duckdb" && source.table !== undefined)
      throw new UserError(`Table '${source.table}': ${description} is one table. Only a DuckDB file has several.`);
    const files = await matchingFiles(connection, path);
    const reading = <T>(work: () => Promise<T>) => explained(description, work);
    let reader: Reader;
    if (kind === "duckdb") {
      reader = { relation: await attach(connection, source) };
      if (source.table !== undefined) description = `${path} (table ${source.table})`;
    } else {
      reader = await reading(() => readerFor(database, path, kind, files, description));
      await reading(() => createInputView(connection, reader));
    }
    if (source.query !== undefined) {
      await connection.run("SET threads = 1"); // the same order of rows at every run
      await createQueryView(connection, source.query, description);
      reader = { relation: "memory.main.selected" };
      description = `The query on ${description}`;
    }
    const { columns: named, ...access } = reader;
    const columns = await reading(() => describe(connection, reader.relation, named));
    const first = await reading(() => connection.runAndReadAll(`SELECT 1 FROM ${reader.relation} LIMIT 1`));
    const isEmpty = first.currentRowCount === 0;
    return createTable({ description, columns, close }, { database, reading, isEmpty, ...access });
  } catch (error) {
    close();
    throw error;
  }
}

/** How the rows of files are read; without `columns` as DuckDB names them. */
interface Reader extends Pick<TableAccess, "relation" | "countedRows" | "textFiles" | "json"> {
  columns?: readonly ReadColumn[];
}

/** What a query sees: every column under a name that DuckDB can hold. */
async function createInputView(connection: DuckDBConnection, { relation, columns }: Reader): Promise<void> {
  const all = columns?.map(({ sql, unique }) => `${sql} AS ${identifier(unique)}`).join(", ") ?? "*";
  await connection.run(`CREATE VIEW input AS SELECT ${all || "NULL AS nothing"} FROM ${relation}`);
}

async function describe(
  connection: DuckDBConnection,
  relation: string,
  named?: readonly ReadColumn[],
): Promise<Column[]> {
  if (named?.length === 0) return [];
  const selected = named?.map(({ sql }, i) => `${sql} AS c${i}`).join(", ") ?? "*";
  const result = await connection.runAndReadAll(`SELECT ${selected} FROM ${relation} LIMIT 0`);
  return result.columnNames().map((name, i) => {
    const logical = result.columnType(i);
    const own: Omit<ReadColumn, "unique"> = named?.[i] ?? { name, sql: identifier(name) };
    return { name: own.name, type: logical.alias ?? logical.toString(), logical, sql: own.sql, spelt: own.spelt };
  });
}

function kindOf(path: string): Kind {
  const kind = kindOfEnding(path);
  if (kind !== undefined) return kind;
  if (existsSync(path) && statSync(path).isDirectory())
    throw new UserError(`'${path}' is a folder. Name a file, or a pattern such as '${join(path, "*.csv")}'.`);
  if (!existsSync(path) && !/[*?[]/.test(path)) throw noFile(path);
  throw new UserError(
    `'${path}' has no known ending. Known are .csv, .tsv, .jsonl, .ndjson, .json, .txt (each also with .gz), .parquet ` +
      "and .duckdb.",
  );
}

function kindOfEnding(path: string): Kind | undefined {
  const [, ending = "", gz] = /\.([a-z0-9]+)(\.gz)?$/i.exec(path) ?? [];
  const kind = kinds[ending.toLowerCase()];
  return gz && (kind === "parquet" || kind === "duckdb") ? undefined : kind;
}

/** SQL that reads the files of `path`, and what is known of their rows. */
async function readerFor(
  database: Database,
  path: string,
  kind: Kind,
  files: readonly string[],
  description: string,
): Promise<Reader> {
  const nameOf = (file: string) => (files.length > 1 || description.includes("*") ? file : description);
  if (kind === "csv") return csvReader(files, nameOf, /\.tsv(\.gz)?$/i.test(path) ? "\t" : undefined);
  if (kind === "json") return readJson(database, files, nameOf);
  await checkGzip(files);
  if (kind === "text") return { relation: await textReader(files, database.folder()), textFiles: files };
  return parquetReader(database.connection, files);
}

async function matchingFiles(connection: DuckDBConnection, path: string): Promise<string[]> {
  if (existsSync(path)) {
    const status = statSync(path);
    if (status.isDirectory())
      throw new UserError(`'${path}' is a folder. Name a file, or a pattern such as '${join(path, "*.csv")}'.`);
    if (status.isFile() && status.size === 0 && kindOfEnding(path) !== "json")
      throw new UserError(`${path} is empty (0 bytes). Make it again, or name another file.`);
    return [path];
  }
  if (!/[*?[]/.test(path)) throw noFile(path);
  const found = await connection.runAndReadAll(`SELECT file FROM glob(${literal(path)}) ORDER BY file`);
  if (found.currentRowCount === 0)
    throw new UserError(`No file matches '${path}'. Look at the folder and the pattern.`);
  return found.getRows().map((row) => String(row[0]));
}

function noFile(path: string): UserError {
  const folder = dirname(path);
  if (!existsSync(folder)) return new UserError(`There is no file '${path}': the folder '${folder}' is not there.`);
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // A folder that cannot be listed has nothing to suggest.
  }
  const tables = names.filter((name) => kindOfEnding(name) !== undefined).slice(0, 5);
  const there = tables.length > 0 ? ` There are: ${tables.join(", ")}.` : " Look at the folder and the name.";
  return new UserError(`There is no file '${path}'.${didYouMean(basename(path), names) || there}`);
}

/** Attaches a DuckDB file and returns the wanted table of it; a query needs none. */
async function attach(connection: DuckDBConnection, { path, table, query }: TableSource): Promise<string> {
  if (table !== undefined && query !== undefined)
    throw new UserError(`Both table '${table}' and a query are given for ${path}. Give one of them.`);
  await explained(path, () => connection.run(`ATTACH ${literal(path)} AS source (READ_ONLY)`));
  await connection.run("USE source");
  if (query !== undefined) return "";
  const found = await connection.runAndReadAll(
    "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = 'source' ORDER BY 1, 2",
  );
  const tables = found.getRows().map(([schema, name]) => {
    const shown = schema === "main" ? String(name) : `${schema}.${name}`;
    return { shown, relation: `source.${identifier(String(schema))}.${identifier(String(name))}` };
  });
  const names = tables.map((one) => one.shown);
  if (tables.length === 0) throw new UserError(`${path} has no tables.`);
  if (table === undefined && tables.length === 1) return tables[0].relation;
  if (table === undefined) throw new UserError(`${path} has the tables ${names.join(", ")}. Say which one to read.`);
  const wanted = tables.find((one) => one.shown.toLowerCase() === table.replace(/^main\./i, "").toLowerCase());
  if (!wanted)
    throw new UserError(
      `Table '${table}' is not in ${path}; its tables are ${names.join(", ")}.${didYouMean(table, names)}`,
    );
  return wanted.relation;
}

async function createQueryView(connection: DuckDBConnection, query: string, description: string): Promise<void> {
  const select = query.trim().replace(/;+\s*$/, "");
  if (select === "") throw new UserError("The query is empty. Give a SELECT, for example: SELECT * FROM input");
  await explained(`The query on ${description}`, () =>
    connection.run(`CREATE VIEW memory.main.selected AS (${select}\n)`),
  );
}
