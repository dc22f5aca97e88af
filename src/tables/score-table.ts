// A table with new columns: rows stream to a scorer, the answers go beside them to a new file. Knows no model.
import { createReadStream, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { asidePath } from "../base/atomic.js";
import { CancelledError, UserError } from "../base/errors.js";
import { temporary } from "../base/temporary.js";
import { explained, identifier, literal } from "./database.js";
import duckdb from "./duckdb.js";
import { accessOf, checkCount, findColumns, streamColumns, type Table } from "./table.js";
import { checkTarget } from "./target.js";
import { textSql } from "./text-sql.js";

const { ARRAY, DOUBLE, FLOAT, INTEGER, VARCHAR } = duckdb;

export interface NewColumn {
  name: string;
  /** FLOAT[]: a vector of `size` numbers in each row. */
  type: "VARCHAR" | "DOUBLE" | "FLOAT" | "INTEGER" | "FLOAT[]";
  size?: number;
}

/** A value for each row; for FLOAT[] an array of `size` numbers. */
export type NewValues = ArrayLike<string | number | null> | readonly (Float32Array | null)[];

export interface ScoreOptions {
  /** Columns of the text; several are joined by a newline. */
  text: readonly string[];
  /** `.csv`, `.tsv`, `.jsonl`, `.ndjson`, `.json` (each also with `.gz`) or `.parquet`; without it CSV to `output`. */
  outPath?: string;
  output?: Writable;
  newColumns: readonly NewColumn[];
  /** What a new column whose name is taken is called: its name and `_<suffix>`. Default: predicted. */
  suffix?: string;
  /** Stops with a CancelledError; nothing is left behind. */
  signal?: AbortSignal;
}

/** Gets the texts of some rows (null where there is none) and returns the values of each new column for them. */
export type Score = (texts: (string | null)[]) => Promise<NewValues[]>;

const vectorSize = 2048;
const rowsAtOnce = 8192;
const bytesAtOnce = 16 << 20;
const rowGroupBytes = 64 << 20;

/**
 * Writes the table's columns and the new ones, rows in their order, aside and then renamed: the file is whole or not
 * there. Memory stays bounded: rows and answers wait in a temporary database on disk. A new column whose name is taken
 * gets a suffix; `names` tells the names in use.
 *
 * @throws UserError for a wrong column, an unknown ending, a folder that is missing or cannot be written.
 * @example
 * await scoreTable(table, { text: ["body"], outPath: "out.parquet", newColumns: [{ name: "length", type: "DOUBLE" }] },
 *   async (texts) => [texts.map((text) => text?.length ?? null)]);
 */
export async function scoreTable(
  table: Table,
  { text, outPath, output = process.stdout, newColumns, suffix = "predicted", signal }: ScoreOptions,
  score: Score,
  onRows?: (done: number, total: number) => void,
): Promise<{ rows: number; names: string[] }> {
  copyFormat(outPath ?? "out.csv", 0);
  if (outPath !== undefined) checkTarget(outPath);
  const names = freeNames(table, newColumns, suffix);
  const expression = textSql(findColumns(table, text));
  const { database, relation, reading } = accessOf(table);
  const { connection } = database;
  const folder = mkdtempSync(join(database.folder(), "score-"));
  const aside = outPath === undefined ? join(folder, "out.csv") : asidePath(outPath);
  const remove = temporary(aside);
  const storing = `Putting rows aside in ${folder}`;
  const taken = new Set(table.columns.map((column) => column.name.toLowerCase()));
  const [row, bytes] = [identifier(freeName("row", taken, suffix)), identifier(freeName("bytes", taken, suffix))];
  const [writer, reader] = [await database.connect(), await database.connect()];
  const interrupt = () => {
    for (const one of [connection, writer, reader]) one.interrupt();
  };
  signal?.addEventListener("abort", interrupt);
  try {
    signal?.throwIfAborted();
    await explained(storing, () => connection.run(`ATTACH ${literal(join(folder, "score.duckdb"))} AS scoring`));
    await reading(() =>
      connection.run(
        `CREATE TABLE scoring.rows AS SELECT CAST(row_number() OVER () - 1 AS INTEGER) AS ${row}, ` +
          `strlen(${expression}) AS ${bytes}, * FROM ${relation}`,
      ),
    );
    const sizes = await connection.runAndReadAll(`SELECT count(*), coalesce(sum(${bytes}), 0) FROM scoring.rows`);
    const [total, totalBytes] = sizes.getRows()[0].map(Number);
    checkCount(table, total);
    const definitions = newColumns.map((column, i) => `n${i} ${sqlType(column)}`);
    await explained(storing, () => writer.run(`CREATE TABLE scoring.answers (row INTEGER, ${definitions.join(", ")})`));
    const append = await answerAppender(writer, newColumns);

    let done = 0;
    for await (const end of batchEnds(connection, `SELECT ${bytes} FROM scoring.rows`)) {
      signal?.throwIfAborted();
      const texts: (string | null)[] = [];
      const sql = `SELECT ${row}, ${expression} FROM scoring.rows WHERE ${row} >= ${done} AND ${row} < ${end}`;
      for await (const [rows, values] of streamColumns(reader, sql)) {
        for (let i = 0; i < rows.length; i++) {
          if (rows[i] !== done + texts.length) throw new Error(`Row ${rows[i]} came out of order.`);
          const one = values[i] as string;
          texts.push(one.trim() === "" ? null : one);
        }
      }
      if (texts.length !== end - done) throw new Error(`Rows ${done} to ${end} are not all there.`);
      const values = await score(texts);
      mustFit(values, texts.length, newColumns.length);
      await explained(storing, async () => append.rows(done, texts.length, values));
      done = end;
      onRows?.(done, total);
    }
    await explained(storing, async () => append.close());

    // Both tables were filled in row order, so they go together position by position; the numbers prove it.
    const joined = "scoring.rows AS r POSITIONAL JOIN scoring.answers AS a";
    const proof = await connection.runAndReadAll(
      `SELECT count(*), count(*) FILTER (r.${row} IS NOT DISTINCT FROM a.row) FROM ${joined}`,
    );
    if (proof.getRows()[0].some((count) => Number(count) !== total))
      throw new Error("Rows and answers do not belong together.");
    const columns = [
      ...table.columns.map((column) => `r.${identifier(column.name)}`),
      ...names.map((name, i) => `a.n${i} AS ${identifier(name)}`),
    ];
    const format = copyFormat(outPath ?? "out.csv", totalBytes / total);
    await explained(`Writing ${outPath ?? "the result"}`, () =>
      connection.run(`COPY (SELECT ${columns.join(", ")} FROM ${joined}) TO ${literal(aside)} (${format})`),
    );
    if (outPath === undefined) await pipeline(createReadStream(aside), output, { end: false });
    else renameSync(aside, outPath);
    return { rows: total, names };
  } catch (error) {
    throw signal?.aborted ? new CancelledError("Stopped before all rows had their answer.") : error;
  } finally {
    signal?.removeEventListener("abort", interrupt);
    for (const open of [writer, reader]) open.closeSync();
    await connection.run("DETACH DATABASE IF EXISTS scoring").catch(() => undefined);
    remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The row after each batch: at most `rowsAtOnce` rows, and at most `bytesAtOnce` of text unless one row has more. */
async function* batchEnds(connection: Connection, sizesSql: string): AsyncGenerator<number> {
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

type Connection = Awaited<ReturnType<ReturnType<typeof accessOf>["database"]["connect"]>>;

async function answerAppender(connection: Connection, newColumns: readonly NewColumn[]) {
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
  return { VARCHAR, DOUBLE, FLOAT, INTEGER }[type];
}

function duckValue(value: string | number | Float32Array | null): DuckDBValue {
  return value instanceof Float32Array ? duckdb.arrayValue(value as unknown as readonly number[]) : value;
}

function freeNames(table: Table, newColumns: readonly NewColumn[], suffix: string): string[] {
  const taken = new Set(table.columns.map((column) => column.name.toLowerCase()));
  return newColumns.map(({ name }) => {
    const free = freeName(name, taken, suffix);
    taken.add(free.toLowerCase());
    return free;
  });
}

export function freeName(name: string, taken: ReadonlySet<string>, suffix: string): string {
  let free = name;
  for (let i = 1; taken.has(free.toLowerCase()); i++) free = i === 1 ? `${name}_${suffix}` : `${name}_${suffix}_${i}`;
  return free;
}

/** `rowBytes` is the mean size of a row's text. */
export function copyFormat(path: string, rowBytes: number): string {
  const [, ending, gz] = /\.([a-z0-9]+)(\.gz)?$/i.exec(path.toLowerCase()) ?? [];
  const compression = gz ? ", COMPRESSION gzip" : "";
  if (ending === "csv") return `FORMAT csv, HEADER${compression}`;
  if (ending === "tsv") return `FORMAT csv, HEADER, DELIMITER '\t'${compression}`;
  if (ending === "jsonl" || ending === "ndjson") return `FORMAT json${compression}`;
  if (ending === "json") return `FORMAT json, ARRAY true${compression}`;
  // A row group waits in memory until it is whole: the longer the texts, the fewer rows.
  const groups = Math.max(1, Math.min(10, Math.floor(rowGroupBytes / vectorSize / (rowBytes + 1))));
  if (ending === "parquet" && !gz) return `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groups * vectorSize}`;
  throw new UserError(
    `'${path}' has no known ending. Write .csv, .tsv, .jsonl, .ndjson, .json (each also with .gz) or .parquet.`,
  );
}
