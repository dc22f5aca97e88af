// From a path to an open table: which reader, with which settings, and what can be wrong with the file.
import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { DuckDBConnection } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import { isGzip, readCsvHeader } from "./csv-header.js";
import { explained, identifier, literal, openDatabase } from "./database.js";
import { type Column, createTable, type Table } from "./table.js";

/**
 * Where rows come from. `path` is a CSV, TSV, JSON Lines, JSON or Parquet file (CSV and JSON also as `.gz`), a pattern
 * such as `reviews/*.csv`, a DuckDB file, or "-" for CSV on standard input. `table` picks a table of a DuckDB file.
 * `query` is a SELECT; over a plain file it selects from `input`.
 */
export interface TableSource {
  path: string;
  table?: string;
  query?: string;
}

type Kind = "csv" | "json" | "parquet" | "duckdb";

const kinds: Record<string, Kind> = {
  csv: "csv",
  tsv: "csv",
  json: "json",
  jsonl: "json",
  ndjson: "json",
  parquet: "parquet",
  duckdb: "duckdb",
  db: "duckdb",
};
/** One record of a CSV file may have as many bytes. */
const longestCsvRecord = 64 << 20;

/**
 * Opens a table. The columns of CSV files are all VARCHAR: values such as 007 keep their spelling.
 *
 * @throws UserError for a missing, empty or damaged file, an unknown ending, a wrong table and a bad query.
 * @example
 * const table = await openTable({ path: "reviews.csv", query: "SELECT * FROM input WHERE stars <> '3'" });
 * table.columns.map((column) => column.name);
 * table.close();
 */
export async function openTable(source: TableSource, stdin: NodeJS.ReadableStream = process.stdin): Promise<Table> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source.path))
    throw new UserError(`'${source.path}' is an address. Download the file first and give its path.`);
  const spool = source.path === "-" ? mkdtempSync(join(tmpdir(), "columnist-stdin-")) : undefined;
  const dropSpool = () => spool && rmSync(spool, { recursive: true, force: true });
  const database = await openDatabase();
  const close = () => {
    database.close();
    dropSpool();
  };
  try {
    let path = source.path;
    let description = source.path;
    if (spool) {
      path = join(spool, "stdin.csv");
      description = "standard input";
      await pipeline(stdin, createWriteStream(path));
    }
    const { connection } = database;
    const isDatabase = kindOf(path) === "duckdb";
    if (!isDatabase && source.table !== undefined)
      throw new UserError(`Table '${source.table}': ${description} is one table. Only a DuckDB file has several.`);
    let relation: string;
    if (isDatabase) {
      relation = await attach(connection, source);
      if (source.table !== undefined) description = `${path} (table ${source.table})`;
    } else {
      const reader = await readerFor(connection, path, description);
      await explained(description, () => connection.run(`CREATE VIEW input AS SELECT * FROM ${reader}`));
      relation = "input";
    }
    if (source.query !== undefined) {
      await createQueryView(connection, source.query, description);
      relation = "memory.main.selected";
      description = `The query on ${description}`;
    }
    const columns = await explained(description, () => describe(connection, `SELECT * FROM ${relation}`));
    const first = await explained(description, () => connection.runAndReadAll(`SELECT 1 FROM ${relation} LIMIT 1`));
    if (first.currentRowCount === 0)
      throw new UserError(
        `${description} has no rows${isDatabase || source.query !== undefined ? "" : ", only column names"}.`,
      );
    return createTable({ description, columns, close }, { database, relation });
  } catch (error) {
    close();
    throw error;
  }
}

async function describe(connection: DuckDBConnection, select: string): Promise<Column[]> {
  const rows = (await connection.runAndReadAll(`DESCRIBE ${select}`)).getRows();
  return rows.map((row) => ({ name: String(row[0]), type: String(row[1]) }));
}

function kindOf(path: string): Kind {
  const ending = /\.([a-z0-9]+)(\.gz)?$/i.exec(path);
  const kind = ending ? kinds[ending[1].toLowerCase()] : undefined;
  if (kind !== undefined && !(ending?.[2] && (kind === "parquet" || kind === "duckdb"))) return kind;
  if (existsSync(path) && statSync(path).isDirectory())
    throw new UserError(`'${path}' is a folder. Name a file, or a pattern such as '${join(path, "*.csv")}'.`);
  if (!existsSync(path) && !/[*?[]/.test(path)) throw new UserError(`There is no file '${path}'.`);
  throw new UserError(
    `'${path}' has no known ending. Known are .csv, .tsv, .jsonl, .ndjson, .json (each also with .gz), .parquet ` +
      "and .duckdb.",
  );
}

/** SQL that reads the files of `path`. */
async function readerFor(connection: DuckDBConnection, path: string, description: string): Promise<string> {
  const files = await matchingFiles(connection, path);
  const compression = isGzip(path) ? ", compression='gzip'" : "";
  const list = `[${files.map(literal).join(", ")}]`;
  for (const file of files) if (isGzip(file)) await checkGzip(file);
  const kind = kindOf(path);
  if (kind === "parquet") return `read_parquet(${list})`;
  if (kind === "json") return jsonReader(connection, `${list}${compression}`, description);
  const delimiter = /\.tsv(\.gz)?$/i.test(path) ? "\t" : undefined;
  const nameOf = (file: string) => (files.length > 1 || description.includes("*") ? file : description);
  const header = await readCsvHeader(files[0], nameOf(files[0]), delimiter);
  for (const file of files.slice(1)) {
    const other = await readCsvHeader(file, file, header.delimiter);
    if (other.names.join("\n") !== header.names.join("\n"))
      throw new UserError(
        `${file} has the columns ${other.names.join(", ")}, but ${files[0]} has ${header.names.join(", ")}. ` +
          "Files read together need the same columns in the same order.",
      );
  }
  const columns = header.names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  return (
    `read_csv(${list}, auto_detect=false, header=true, delim=${literal(header.delimiter)}, quote='"', escape='"', ` +
    `columns={${columns}}${compression}, allow_quoted_nulls=false, strict_mode=true, ` +
    `max_line_size=${longestCsvRecord}, buffer_size=${longestCsvRecord})`
  );
}

/** Values that only look like dates stay as they are written. */
async function jsonReader(connection: DuckDBConnection, list: string, description: string): Promise<string> {
  const detect = `read_json(${list}, records=true, sample_size=-1)`;
  const columns = await explained(description, () => describe(connection, `SELECT * FROM ${detect}`));
  const types = columns.map(({ name, type }) => {
    const kept = /^(DATE|TIME|TIMESTAMP.*|UUID|JSON)$/.test(type) ? "VARCHAR" : type;
    return `${literal(name)}: ${literal(kept)}`;
  });
  return `read_json(${list}, records=true, columns={${types.join(", ")}})`;
}

async function matchingFiles(connection: DuckDBConnection, path: string): Promise<string[]> {
  if (existsSync(path)) {
    const status = statSync(path);
    if (status.isDirectory())
      throw new UserError(`'${path}' is a folder. Name a file, or a pattern such as '${join(path, "*.csv")}'.`);
    if (status.isFile() && status.size === 0) throw new UserError(`${path} is empty.`);
    return [path];
  }
  if (!/[*?[]/.test(path)) throw new UserError(`There is no file '${path}'.`);
  const found = await connection.runAndReadAll(`SELECT file FROM glob(${literal(path)}) ORDER BY file`);
  if (found.currentRowCount === 0) throw new UserError(`No file matches '${path}'.`);
  return found.getRows().map((row) => String(row[0]));
}

/** DuckDB takes the end of a cut gzip file for the end of the table, so the whole file is checked first. */
async function checkGzip(path: string): Promise<void> {
  const nowhere = new Writable({ write: (_part, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), nowhere);
  } catch (error) {
    throw new UserError(`${path} is damaged or no gzip file. Copy or download it again.`, { cause: error });
  }
}

/** Attaches a DuckDB file and returns the wanted table of it; a query needs none. */
async function attach(connection: DuckDBConnection, { path, table, query }: TableSource): Promise<string> {
  if (table !== undefined && query !== undefined)
    throw new UserError(`Both table '${table}' and a query are given for ${path}. Give one of them.`);
  await matchingFiles(connection, path);
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
  const wanted = tables.find((one) => one.shown === table);
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
