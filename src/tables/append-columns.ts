// A table with new columns: rows stream to a scorer, the answers go beside them to a new file. Knows no model.
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DuckDBConnection, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { fileAside } from "../base/atomic.js";
import { CancelledError } from "../base/errors.js";
import { filePlaceOf } from "../base/place.js";
import { bareName, freeName } from "./column-names.js";
import { type Database, explained, literal, openDatabase, streaming, streamingMemory } from "./database.js";
import duckdb from "./duckdb.js";
import { type FileFormat, fileFormatOf } from "./file-formats.js";
import { keptColumns } from "./kept-columns.js";
import { writtenLabelSql, writtenListSql } from "./label-types.js";
import { accessOf, checkCount, streamColumns, type Table } from "./table.js";
import { checkTarget } from "./target.js";
import { type OutColumn, writeTable } from "./write-table.js";

const { ARRAY, DOUBLE, FLOAT, INTEGER, LIST, VARCHAR } = duckdb;

export interface NewColumn {
  name: string;
  /** FLOAT[]: a vector of `size` numbers in each row; VARCHAR[]: a list of texts of any length. */
  type: "VARCHAR" | "DOUBLE" | "FLOAT" | "INTEGER" | "FLOAT[]" | "VARCHAR[]";
  size?: number;
  /** Between the texts of a list in CSV. */
  separator?: string;
  /** Labels of a column of this type, as `readTextAndLabels` gives it: DATE, DECIMAL(9,2) … */
  writtenAs?: string;
}

/** A value for each row; for FLOAT[] an array of `size` numbers, for VARCHAR[] of texts. */
export type NewValues = ArrayLike<string | number | null> | readonly (Float32Array | readonly string[] | null)[];

export interface AppendOptions {
  /** Columns of the text; several are joined by a newline. */
  text: readonly string[];
  /** `.csv`, `.tsv`, `.jsonl`, `.ndjson`, `.json` (each also with `.gz`) or `.parquet`; without it CSV to `output`. */
  outPath?: string;
  /** Default: standard output. */
  output?: Writable;
  /** Names and types of the columns to add. */
  newColumns: readonly NewColumn[];
  /** A new column whose name is taken is renamed to its name and `_<suffix>`. Default: predicted. */
  suffix?: string;
  /** Stops with a CancelledError and leaves no files behind. */
  signal?: AbortSignal;
  /** Called once with what the format cannot represent and how it is written. */
  onMessage?: (message: string) => void;
}

/** Takes the texts of some rows (null if there is none), `done` of `total` before them, and returns the values of each new column for them. */
export type Score = (texts: (string | null)[], place: { done: number; total: number }) => Promise<NewValues[]>;

const vectorSize = 2048;
/** Rows that DuckDB gathers in memory before it writes them. */
const rowGroup = 10 * vectorSize;
const rowsAtOnce = 8192;
const bytesAtOnce = 16 << 20;

/**
 * Writes the table's columns and the new ones, rows in their order, to a temporary file that is then renamed, so that it
 * is complete or absent. The table's own columns are unchanged: rows and results are in a temporary database on disk, with
 * their original types, so memory does not grow with them either. A new column whose name is taken gets a suffix;
 * `names` contains the names in use. A table without rows gives a table without rows.
 *
 * @throws UserError for a wrong column, an unknown extension, a folder that is missing or cannot be written.
 * @example
 * await appendColumns(table, { text: ["body"], outPath: "out.parquet", newColumns: [{ name: "length", type: "DOUBLE" }] },
 *   async (texts) => [texts.map((text) => text?.length ?? null)]);
 */
export async function appendColumns(
  table: Table,
  { text, outPath, output = process.stdout, newColumns, suffix = "predicted", signal, onMessage }: AppendOptions,
  score: Score,
  onRows?: (done: number, total: number) => void,
): Promise<{ rows: number; names: string[] }> {
  const format = fileFormatOf(outPath ?? "out.csv");
  if (outPath !== undefined) checkTarget(outPath);
  const names = freeNames(table, newColumns, suffix);
  const kept = keptColumns(table, text, format);
  const { database, relation, reading } = accessOf(table);
  const folder = mkdtempSync(join(database.folder, "score-"));
  const aside = outPath === undefined ? undefined : fileAside(filePlaceOf(outPath));
  const file = aside?.path ?? join(folder, "out.csv");
  const storing = `Storing rows temporarily in ${folder}`;
  const path = literal(join(folder, "score.duckdb"));
  const open: DuckDBConnection[] = [database.connection];
  let own: Database | undefined;
  const interrupt = () => {
    for (const one of open) one.interrupt();
  };
  signal?.addEventListener("abort", interrupt);
  try {
    signal?.throwIfAborted();
    await explained(storing, () => database.connection.run(`ATTACH ${path} AS scoring (ROW_GROUP_SIZE ${rowGroup})`));
    await streaming(database, "scoring", async ({ roomy }) => {
      const stored = kept.stored.map(({ sql }, i) => `, ${sql} AS c${i}`).join("");
      const numbers = `CAST(row_number() OVER () - 1 AS INTEGER) AS row, strlen(${kept.text}) AS bytes`;
      const create = `CREATE TABLE scoring.rows AS SELECT ${numbers}${stored} FROM ${relation}`;
      await reading(() => roomy(() => database.connection.run(create)));
    });
    // Where the output may be written, nothing runs that a table may have brought along.
    own = await openDatabase({ writes: [file], folder });
    const { connection } = own;
    const [writer, reader] = [await own.connect(), await own.connect()];
    open.push(connection, writer, reader);
    signal?.throwIfAborted();
    const memory = await streamingMemory(connection);
    await explained(storing, () => connection.run(`ATTACH ${path} AS scoring`));
    const sizes = await connection.runAndReadAll("SELECT count(*), coalesce(sum(bytes), 0) FROM scoring.rows");
    const [total, totalBytes] = sizes.getRows()[0].map(Number);
    checkCount(table, total);
    const definitions = newColumns.map((column, i) => `n${i} ${sqlType(column)}`);
    await explained(storing, () => writer.run(`CREATE TABLE scoring.answers (row INTEGER, ${definitions.join(", ")})`));
    const append = await answerAppender(writer, newColumns);

    let done = 0;
    for await (const end of batchEnds(connection, "SELECT bytes FROM scoring.rows")) {
      signal?.throwIfAborted();
      const texts: (string | null)[] = [];
      const sql = `SELECT row, ${kept.storedText} FROM scoring.rows WHERE row >= ${done} AND row < ${end}`;
      for await (const [rows, values] of streamColumns(reader, sql)) {
        for (let i = 0; i < rows.length; i++) {
          if (rows[i] !== done + texts.length) throw new Error(`Row ${rows[i]} came out of order.`);
          const one = values[i] as string;
          texts.push(one.trim() === "" ? null : one);
        }
      }
      if (texts.length !== end - done) throw new Error(`Rows ${done} to ${end} are not all there.`);
      const values = await score(texts, { done, total });
      mustFit(values, texts.length, newColumns.length);
      await explained(storing, async () => append.rows(done, texts.length, values));
      done = end;
      onRows?.(done, total);
    }
    await explained(storing, async () => append.close());

    // Both tables were filled in row order, so they go together position by position; the numbers prove it.
    const from = "scoring.rows AS r POSITIONAL JOIN scoring.answers AS a";
    const proof = await connection.runAndReadAll(
      `SELECT count(*), count(*) FILTER (r.row IS NOT DISTINCT FROM a.row) FROM ${from}`,
    );
    if (proof.getRows()[0].some((count) => Number(count) !== total))
      throw new Error("Rows and answers do not belong together.");
    const columns = [...kept.columns, ...(await addedColumns(connection, newColumns, names, format))];
    const { openObject } = kept;
    const rowBytes = totalBytes / Math.max(total, 1);
    const messages: string[] = [];
    const target = { connection, from, columns, openObject, format, path: file, rows: total, rowBytes };
    await explained(`Writing ${outPath ?? "the result"}`, () =>
      memory.roomy(() => writeTable({ ...target, onMessage: (message) => messages.push(message) })),
    );
    for (const message of new Set(messages)) onMessage?.(message);
    if (aside) aside.put();
    else await pipeline(createReadStream(file), output, { end: false });
    return { rows: total, names };
  } catch (error) {
    throw signal?.aborted ? new CancelledError("Stopped before all rows were processed.") : error;
  } finally {
    signal?.removeEventListener("abort", interrupt);
    own?.close();
    aside?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The new columns, with their types as DuckDB has them. */
async function addedColumns(
  connection: DuckDBConnection,
  newColumns: readonly NewColumn[],
  names: readonly string[],
  format: FileFormat,
): Promise<OutColumn[]> {
  const sql = newColumns.map(({ type, writtenAs, separator = ";" }, i) => {
    if (type === "VARCHAR[]") return writtenListSql(`a.n${i}`, writtenAs, format, separator);
    return writtenAs ? writtenLabelSql(`a.n${i}`, writtenAs, format) : `a.n${i}`;
  });
  const result = await connection.runAndReadAll(`SELECT ${sql.join(", ")} FROM scoring.answers AS a LIMIT 0`);
  return names.map((name, i) => ({
    name,
    sql: sql[i],
    type: result.columnType(i),
    isNew: true,
    like: newColumns[i].name,
  }));
}

/** The row after each batch: at most `rowsAtOnce` rows, and at most `bytesAtOnce` of text unless one row has more. */
async function* batchEnds(connection: DuckDBConnection, sizesSql: string): AsyncGenerator<number> {
  let [row, start, bytes] = [0, 0, 0];
  for await (const [sizes] of streamColumns(connection, sizesSql)) {
    for (const size of sizes) {
      if (row > start && (row - start === rowsAtOnce || bytes + Number(size) > bytesAtOnce)) {
        yield row;
        start = row;
        bytes = 0;
      }
      row++;
      bytes += Number(size);
    }
  }
  if (row > start) yield row;
}

async function answerAppender(connection: DuckDBConnection, newColumns: readonly NewColumn[]) {
  const appender = await connection.createAppender("answers", "main", "scoring");
  const types = [INTEGER, ...newColumns.map(duckType)];
  return {
    rows(first: number, count: number, columns: NewValues[]) {
      for (let start = 0; start < count; start += vectorSize) {
        const size = Math.min(vectorSize, count - start);
        const chunk = duckdb.DuckDBDataChunk.create(types, size);
        const part = (column: NewValues) => Array.from({ length: size }, (_, i) => duckValue(column[start + i]));
        chunk.setColumns([Array.from({ length: size }, (_, i) => first + start + i), ...columns.map(part)]);
        appender.appendDataChunk(chunk);
      }
    },
    close: () => appender.closeSync(),
  };
}

function mustFit(values: NewValues[], rows: number, columns: number): void {
  if (values.length === columns && values.every(({ length }) => length === rows)) return;
  const lengths = values.map(({ length }) => length).join(", ") || "no";
  throw new Error(`The scorer returned ${lengths} values for ${rows} rows and ${columns} columns.`);
}

function sqlType({ type, size }: NewColumn): string {
  return type === "FLOAT[]" ? `FLOAT[${size}]` : type;
}

function duckType({ type, size }: NewColumn): DuckDBType {
  if (type === "FLOAT[]") return ARRAY(FLOAT, size ?? 0);
  if (type === "VARCHAR[]") return LIST(VARCHAR);
  return { VARCHAR, DOUBLE, FLOAT, INTEGER }[type];
}

function duckValue(value: string | number | Float32Array | readonly string[] | null): DuckDBValue {
  if (value instanceof Float32Array) return duckdb.arrayValue(value as unknown as readonly number[]);
  return typeof value === "object" && value !== null ? duckdb.listValue(value) : value;
}

function freeNames(table: Table, newColumns: readonly NewColumn[], suffix: string): string[] {
  const taken = new Set(table.columns.map((column) => bareName(column.name)));
  return newColumns.map(({ name }) => {
    const free = freeName(name, taken, suffix);
    taken.add(bareName(free));
    return free;
  });
}
