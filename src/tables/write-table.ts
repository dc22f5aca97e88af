// Rows of a query to a file. What the format can't hold is written as text and said once; nothing else is converted.
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import { arrowSchema } from "./arrow-types.js";
import { bareName, uniqueNames } from "./column-names.js";
import { identifier, literal } from "./database.js";
import duckdb from "./duckdb.js";
import type { FileFormat } from "./file-formats.js";
import { isNested, jsonFields, jsonSql, partTypes } from "./json-sql.js";
import { spreadsheetSql, spreadsheetText } from "./spreadsheet-text.js";
import type { ParquetColumn } from "./table.js";
import { renamesText, writeNotes } from "./write-notes.js";

const { DuckDBTypeId: id } = duckdb;

export interface OutColumn {
  name: string;
  sql: string;
  type: DuckDBType;
  /** Not the user's own: nothing is said about its type. */
  isNew?: boolean;
  /** Of a new one: the name of the column whose values it has, written in the same type. */
  like?: string;
  parquet?: ParquetColumn;
}

export interface WriteTable {
  connection: DuckDBConnection;
  /** What the rows come from, in SQL. */
  from: string;
  columns: readonly OutColumn[];
  /** SQL: the text of an object to which the columns are added, where rows are JSON text. */
  openObject?: string;
  format: FileFormat;
  /** Whether no text of CSV may be a formula for a spreadsheet. */
  safeCsv?: boolean;
  path: string;
  rows: number;
  /** Mean size of a row's text. */
  rowBytes: number;
  onMessage?: (message: string) => void;
}

/** How a column is written, and what is to be said about it. */
interface Written {
  sql: string;
  as?: string;
}

const vectorSize = 2048;
const rowGroupBytes = 64 << 20;

export async function writeTable(table: WriteTable): Promise<void> {
  const { connection, from, columns, format, path, rows } = table;
  const compression = format.kind !== "parquet" && format.isGzip ? ", COMPRESSION gzip" : "";
  const copy = (select: string, options: string) =>
    connection.run(
      `COPY (SELECT ${select} FROM ${from}) TO ${literal(path)} (${options}${compression}, USE_TMP_FILE false)`,
    );
  const notes = writeNotes(format, columns);
  const noteFileTypes = () => {
    for (const column of columns) notes.fileType(column);
  };
  const written = async (convert: (column: OutColumn) => Promise<Written> | Written) => {
    const converted = await Promise.all(columns.map(convert));
    for (const [i, { as }] of converted.entries()) if (as !== undefined) notes.type(columns[i], as);
    return converted.map(({ sql }) => sql);
  };

  if (format.kind === "csv") {
    const { delimiter } = format;
    noteFileTypes();
    const { safeCsv = false } = table;
    const select = await written((column) => csvColumn(column, safeCsv));
    const header = columns
      .map(({ name }) => csvName(safeCsv ? spreadsheetText(name) : name, delimiter))
      .join(delimiter);
    if (rows === 0) writeFileSync(path, format.isGzip ? gzipSync(`${header}\n`) : `${header}\n`);
    else {
      const ends = `PREFIX ${literal(`${header}\n`)}, SUFFIX '\n'`;
      await copy(select.join(", "), `FORMAT csv, HEADER false, DELIMITER ${literal(delimiter)}, ${ends}`);
    }
  } else if (format.kind === "json") {
    noteFileTypes();
    await noteJson(table, notes.type);
    const fields = jsonFields(columns);
    // Without new columns nothing follows the comma of an object that is open.
    const open = columns.length > 0 ? table.openObject : table.openObject && withoutComma(table.openObject);
    const line = [open ?? "'{'", fields, "'}'"].filter((part) => part !== "").join(" || ");
    const array = format.isArray ? ", PREFIX '[\n', SUFFIX '\n]\n', NEW_LINE ',\n'" : "";
    if (rows === 0) writeFileSync(path, zipped(format.isArray ? "[]\n" : "", format.isGzip));
    else await copy(line, `FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER ''${array}`);
  } else {
    const names = uniqueNames(columns.map(({ name }) => name));
    const select = await written((column) => parquetColumn(table, column));
    // A row group waits in memory until it is whole: the longer the texts, the fewer rows.
    const groups = Math.max(1, Math.min(10, Math.floor(rowGroupBytes / vectorSize / (table.rowBytes + 1))));
    const named = select.map((sql, i) => `${sql} AS ${identifier(names[i])}`).join(", ");
    const schema = await schemaOf(table, named);
    if (schema === undefined) noteFileTypes();
    const metadata = schema === undefined ? "" : `, KV_METADATA {'ARROW:schema': ${literal(schema)}}`;
    await copy(named, `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groups * vectorSize}${metadata}`);
    const renamed = columns.flatMap(({ name }, i) => (names[i] === name ? [] : [[name, names[i]] as const]));
    if (renamed.length > 0) table.onMessage?.(renamesText(renamed));
  }
  for (const message of notes.messages()) table.onMessage?.(message);
}

/** An Arrow schema, where a column has a type that no Parquet file can say without one. */
async function schemaOf({ connection, from, columns }: WriteTable, select: string): Promise<string | undefined> {
  const origins = columns.map((column) => {
    const { parquet } = columns.find((other) => isLike(column, other)) ?? column;
    return parquet?.isQueried ? undefined : parquet?.origin;
  });
  if (origins.every((origin) => origin === undefined)) return undefined;
  const result = await connection.runAndReadAll(`SELECT ${select} FROM ${from} LIMIT 0`);
  const types = result.columnTypes();
  return arrowSchema(result.columnNames().map((name, i) => ({ name, type: types[i], origin: origins[i] })));
}

const withoutComma = (object: string) => `regexp_replace(${object}, ',\\s*$', '')`;

const zipped = (text: string, isGzip: boolean) => (isGzip ? gzipSync(text) : text);

function csvName(name: string, delimiter: string): string {
  return name.includes(delimiter) || /["\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

const noTextForm: readonly number[] = [id.INTERVAL, id.BLOB, id.BIT];

/** Numbers, dates and the like are no texts: `-3.5` and `-infinity` are what they say. */
const isTextual = (type: DuckDBType) =>
  isNested(type) || ([id.VARCHAR, id.ENUM, id.BLOB] as number[]).includes(type.typeId);

function csvColumn({ sql, type, isNew }: OutColumn, safeCsv: boolean): Written {
  const isJson = isNested(type) && !isNew;
  const text = isJson ? `CASE WHEN ${sql} IS NOT NULL THEN ${jsonSql(sql, type)} END` : sql;
  const safe = safeCsv && isTextual(type) ? spreadsheetSql(`CAST(${text} AS VARCHAR)`) : text;
  return { sql: safe, as: isJson ? "JSON text" : noTextForm.includes(type.typeId) ? "text" : undefined };
}

async function noteJson(
  { connection, from, columns, openObject }: WriteTable,
  note: (column: OutColumn, as: string) => void,
): Promise<void> {
  const own = openObject === undefined ? columns.filter(({ isNew }) => !isNew) : [];
  const floats = own.filter(({ type: { typeId } }) => typeId === id.DOUBLE || typeId === id.FLOAT);
  const counts = floats.map(({ sql }) => `count(*) FILTER (NOT isfinite(${sql}))`).join(", ");
  const odd = floats.length === 0 ? [] : (await connection.runAndReadAll(`SELECT ${counts} FROM ${from}`)).getRows()[0];
  for (const [i, column] of floats.entries())
    if (Number(odd[i]) > 0) note(column, 'text where it is "NaN" or "Infinity"');
  for (const column of own)
    if (noTextForm.includes(column.type.typeId) || column.type.typeId === id.TIME_TZ) note(column, "text");
}

/** What DuckDB's Parquet writer changes: HUGEINT to DOUBLE, times of other zones, parts of durations, unions. */
const notInParquet: readonly number[] = [
  ...[id.HUGEINT, id.UHUGEINT, id.BIGNUM, id.INTERVAL, id.TIME_TZ, id.TIME_NS, id.BIT, id.UNION],
];

/** Whether `one` is a new column with values of the other. */
const isLike = (one: OutColumn, other: OutColumn) =>
  one.like !== undefined && other.like === undefined && bareName(one.like) === bareName(other.name);

async function parquetColumn({ connection, from, columns }: WriteTable, column: OutColumn): Promise<Written> {
  const { sql, type } = column;
  const alike = columns.filter((other) => isLike(column, other) || isLike(other, column));
  const together = [column, ...alike.filter((other) => other.type.typeId === type.typeId)];
  /** Whether all values of the column, and of a column with the same values, meet a condition. */
  const fits = async (condition: (sql: string) => string) => {
    const all = together.map((one) => `${one.sql} IS NULL OR (${condition(one.sql)})`);
    const found = await connection.runAndReadAll(
      `SELECT 1 FROM ${from} WHERE NOT (${all.map((one) => `(${one})`).join(" AND ")}) LIMIT 1`,
    );
    return found.currentRowCount === 0;
  };
  if (type.typeId === id.ENUM) return { sql, as: "VARCHAR" };
  if (isNested(type)) {
    if (!hasPart(type)) return { sql };
    return { sql: `CASE WHEN ${sql} IS NOT NULL THEN ${jsonSql(sql, type)} END`, as: "JSON text" };
  }
  if (!notInParquet.includes(type.typeId)) return { sql };
  const text = { sql: `CAST(${sql} AS VARCHAR)`, as: "text" };
  if (type.typeId === id.HUGEINT || type.typeId === id.UHUGEINT) {
    const as = "DECIMAL(38,0)";
    return (await fits((one) => `TRY_CAST(${one} AS ${as}) IS NOT NULL`)) ? { sql: `CAST(${sql} AS ${as})`, as } : text;
  }
  // Parquet has times in UTC, and DuckDB writes them to the microsecond.
  if (type.typeId === id.TIME_TZ && (await fits((one) => `datepart('timezone', ${one}) = 0`))) return { sql };
  if (type.typeId === id.TIME_NS && (await fits((one) => `epoch_ns(${one}) % 1000 = 0`)))
    return { sql: `CAST(${sql} AS TIME)`, as: "TIME" };
  if (type.typeId === id.INTERVAL && (await fits(isParquetInterval))) return { sql };
  return text;
}

/** Months, days and milliseconds, none of them negative. */
function isParquetInterval(sql: string): string {
  const parts = ["year", "month", "day", "hour", "minute", "microsecond"].map((part) => `datepart('${part}', ${sql})`);
  const isWhole = `datepart('microsecond', ${sql}) % 1000 = 0 AND datepart('hour', ${sql}) < 1000`;
  return `least(${parts.join(", ")}) >= 0 AND ${isWhole}`;
}

const hasPart = (type: DuckDBType): boolean =>
  partTypes(type).some((part) => notInParquet.includes(part.typeId) || hasPart(part)) || type.typeId === id.UNION;
