// From a path to an open table: which reader, with which settings, and what can be wrong with the file.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { DuckDBConnection } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { type OtherFile, otherFile } from "../base/regular-file.js";
import { didYouMean } from "../base/suggest.js";
import { temporaryFolder } from "../base/temporary.js";
import { attach } from "./attach.js";
import { csvReader } from "./csv-reader.js";
import { type Database, explained, identifier, openDatabase } from "./database.js";
import { checkGzip } from "./file-chunks.js";
import { checkFormat, formatOf, type TableKind } from "./file-format.js";
import { readJson } from "./json-reader.js";
import { checkJsonShape } from "./json-shape.js";
import { isPattern, matchingFiles } from "./matching-files.js";
import { parquetReader } from "./parquet-reader.js";
import { isPipe, isStandardInput, openPipe, spool } from "./spool.js";
import { type Column, createTable, type ReadColumn, type Table, type TableAccess } from "./table.js";
import { textReader } from "./text-files.js";

/**
 * Where rows come from. `path` is a CSV, TSV, JSON Lines, JSON or Parquet file (CSV and JSON also as `.gz`), plain text
 * (`.txt`, `.txt.gz`: each file is a row, with the columns `file` and `text`), a pattern such as `reviews/*.csv` or
 * `novels/*.txt`, a DuckDB file, or "-" for standard input (CSV, or another format recognised by its first bytes); a named pipe is
 * read like standard input. A file whose name looks like a pattern is that file. `table` picks a table or view of a DuckDB
 * file. `query` is a SELECT; over a plain file it selects from `input`, where columns of CSV files are text:
 * write `CAST(stars AS INTEGER) > 3`. SQL, also that of a view, can read nothing but this source.
 */
export interface TableSource {
  path: string;
  table?: string;
  query?: string;
}

const kinds: Record<string, TableKind> = {
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

export interface OpenOptions {
  /** Ends the wait for a table from a pipe. */
  signal?: AbortSignal;
  /** The stream for "-". Default: the standard input of the process. */
  stdin?: Readable;
}

/**
 * Opens a table; waits for one from a pipe. The columns of CSV files are all VARCHAR: values such as 007 keep their spelling.
 *
 * @throws UserError for a missing, empty or damaged file, an unknown extension, a wrong table and a bad query;
 * CancelledError after an abort while it waits.
 * @example
 * const table = await openTable({ path: "reviews.csv", query: "SELECT * FROM input WHERE stars <> '3'" });
 * table.columns.map((column) => column.name);
 * table.close();
 */
export async function openTable(source: TableSource, options: OpenOptions = {}): Promise<Table> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source.path) && !existsSync(source.path))
    throw new UserError(`'${source.path}' is a URL. Download the file first, and specify its path.`);
  if (source.path === "") throw new UserError("The path of the table is empty. Specify a file such as reviews.csv.");
  const { path: folder, remove } = temporaryFolder("columnist-tables-");
  let close = remove;
  try {
    const path = await pathOf(source.path, folder, options);
    let description = isStandardInput(source.path) ? "standard input" : source.path;
    const kind = kindOf(path);
    if (kind !== "duckdb" && source.table !== undefined)
      throw new UserError(
        `Table '${source.table}': ${description} is a single table. Use ${option("table")} only with a DuckDB file.`,
      );
    const files = await filesOf(path);
    const database = await openDatabase({ reads: files, folder });
    const { connection } = database;
    close = () => {
      database.close();
      remove();
    };
    const reading = <T>(work: () => Promise<T>) => explained(description, work);
    let reader: Reader;
    if (kind === "duckdb") {
      if (files.length > 1)
        throw new UserError(`${path} are ${files.length} DuckDB files. Specify one of them, such as ${files[0]}.`);
      await checkFormat(files[0], kind, description);
      reader = { relation: await attach(database, files[0], description, source) };
      if (source.table !== undefined) description = `${description} (table ${source.table})`;
    } else {
      reader = await reading(() => readerFor(database, path, kind, files, description));
      await reading(() => createInputView(connection, reader));
    }
    const read = reader.columns ?? [];
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
    const parquet = named?.map((column) => column.parquet) ?? queriedColumns(columns, read);
    return createTable({ description, columns, close }, { database, reading, isEmpty, parquet, ...access });
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

/** What is known of the columns of a file, for those of a query that are called the same. */
function queriedColumns(columns: readonly Column[], read: readonly ReadColumn[]) {
  return columns.map(({ name }) => {
    const same = read.find(({ unique }) => unique === name)?.parquet;
    return same && { ...same, isQueried: true };
  });
}

/** The file to read: the one that is named, or what came through the pipe that is. */
async function pathOf(path: string, folder: string, { stdin, signal }: OpenOptions): Promise<string> {
  if (isStandardInput(path)) return spool(stdin ?? process.stdin, folder, { name: "Standard input", signal });
  const known = kindOfEnding(path) && /\.[a-z0-9]+(\.gz)?$/i.exec(path)?.[0].slice(1);
  if (isPipe(path)) return spool(openPipe(path), folder, { name: path, ending: known, signal });
  const other = otherFile(path);
  if (other) throw noFileBut(path, other);
  return path;
}

function noFileBut(path: string, other: OtherFile): UserError {
  return other === "folder"
    ? new UserError(`'${path}' is a folder. Specify a file, or a pattern such as '${join(path, "*.csv")}'.`)
    : new UserError(`'${path}' is a ${other}, not a file. Save its output, or pipe it in and specify -.`);
}

function kindOf(path: string): TableKind {
  const kind = kindOfEnding(path);
  if (kind !== undefined) return kind;
  if (!existsSync(path) && !isPattern(path)) throw noFile(path);
  const found = existsSync(path) ? formatOf(path) : undefined;
  if (found) throw new UserError(`'${path}' is ${found.what}. ${found.next}`);
  throw new UserError(
    `'${path}' has no supported extension. Supported are .csv, .tsv, .jsonl, .ndjson, .json, .txt (each also with .gz), .parquet ` +
      "and .duckdb.",
  );
}

function kindOfEnding(path: string): TableKind | undefined {
  const [, ending = "", gz] = /\.([a-z0-9]+)(\.gz)?$/i.exec(path) ?? [];
  const kind = kinds[ending.toLowerCase()];
  return gz && (kind === "parquet" || kind === "duckdb") ? undefined : kind;
}

/** SQL that reads the files of `path`, and what is known of their rows. */
async function readerFor(
  database: Database,
  path: string,
  kind: TableKind,
  files: readonly string[],
  description: string,
): Promise<Reader> {
  const nameOf = (file: string) => (files.length > 1 || isPattern(description) ? file : description);
  for (const file of files) {
    const other = otherFile(file);
    if (other) throw noFileBut(file, other);
    await checkFormat(file, kind, nameOf(file));
    if (kind === "json") await checkJsonShape(file, nameOf(file));
  }
  if (kind === "csv") return csvReader(database, files, nameOf, /\.tsv(\.gz)?$/i.test(path) ? "\t" : undefined);
  if (kind === "json") return readJson(database, files, nameOf);
  await checkGzip(files);
  if (kind === "text") return { relation: await textReader(database, files), textFiles: files };
  return parquetReader(database, files, files[0] !== path);
}

async function filesOf(path: string): Promise<string[]> {
  if (existsSync(path)) {
    if (statSync(path).size === 0 && kindOfEnding(path) !== "json")
      throw new UserError(`${path} is empty (0 bytes). Create it again, or choose another file.`);
    return [path];
  }
  if (!isPattern(path)) throw noFile(path);
  const found = await explained(path, () => matchingFiles(path));
  if (found.length === 0) throw new UserError(`No file matches '${path}'. Check the folder and the pattern.`);
  return found;
}

function noFile(path: string): UserError {
  const folder = dirname(path);
  if (!existsSync(folder)) return new UserError(`There is no file '${path}': the folder '${folder}' does not exist.`);
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // A folder that cannot be listed has nothing to suggest.
  }
  const tables = names.filter((name) => kindOfEnding(name) !== undefined).slice(0, 5);
  const there = tables.length > 0 ? ` Tables in it: ${tables.join(", ")}.` : " Check the folder and the name.";
  return new UserError(`There is no file '${path}'.${didYouMean(basename(path), names) || there}`);
}

async function createQueryView(connection: DuckDBConnection, query: string, description: string): Promise<void> {
  const select = query.trim().replace(/;+\s*$/, "");
  if (select === "") throw new UserError("The query is empty. Use a SELECT, for example: SELECT * FROM input");
  await explained(`The query on ${description}`, () =>
    connection.run(`CREATE VIEW memory.main.selected AS (${select}\n)`),
  );
}
