// Rows that are not those of a table to a file of their own, as they come: JSON Lines, JSON or Parquet.
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { fileAside } from "../base/atomic.js";
import { UserError } from "../base/errors.js";
import { filePlaceOf } from "../base/place.js";
import { explained, identifier, literal, openDatabase } from "./database.js";
import { checkTarget } from "./target.js";

export interface WriteRowsOptions {
  /** `.jsonl`, `.ndjson`, `.json` (each also with `.gz`) or `.parquet`; without it JSON Lines to `output`. */
  outPath?: string;
  /** Default: standard output. */
  output?: Writable;
  /** DuckDB's types by column name, for Parquet. */
  columns: Record<string, string>;
}

/** One object may have as many bytes, all its line. */
const longestRow = 1 << 26;

/**
 * Writes rows, each a JSON object on one line without a line break. The file is written and then renamed: it is complete or
 * absent. Memory does not grow with the rows.
 *
 * @throws UserError for an unknown extension, a folder that is missing or cannot be written.
 * @example
 * await writeRows(rows, { outPath: "ids.parquet", columns: { row: "BIGINT", ids: "INTEGER[]" } });
 */
export async function writeRows(
  rows: AsyncIterable<string>,
  { outPath, output = process.stdout, columns }: WriteRowsOptions,
): Promise<void> {
  if (outPath === undefined) {
    await pipeline(linesOf(rows), output, { end: false });
    return;
  }
  const [, ending, gz] = /\.(jsonl|ndjson|json|parquet)(\.gz)?$/i.exec(outPath) ?? [];
  if (ending === undefined || (gz && /parquet/i.test(ending)))
    throw new UserError(
      `'${outPath}' has no supported extension. Use .jsonl, .ndjson, .json (each also with .gz) or .parquet.`,
    );
  checkTarget(outPath);
  const aside = fileAside(filePlaceOf(outPath));
  try {
    if (/parquet/i.test(ending)) {
      const lines = `${aside.path}.jsonl`;
      await pipeline(linesOf(rows), createWriteStream(lines));
      await explained(`Writing ${outPath}`, () => writeParquet(lines, aside.path, columns));
    } else {
      const text = /^json$/i.test(ending) ? arrayOf(rows) : linesOf(rows);
      const file = createWriteStream(aside.path, { flags: "wx" });
      await (gz ? pipeline(text, createGzip(), file) : pipeline(text, file));
    }
    aside.put();
  } finally {
    aside.remove();
  }
}

async function* linesOf(rows: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const row of rows) yield `${row}\n`;
}

async function* arrayOf(rows: AsyncIterable<string>): AsyncGenerator<string> {
  let before = "[";
  for await (const row of rows) {
    yield before + row;
    before = ",\n";
  }
  yield before === "[" ? "[]\n" : "]\n";
}

async function writeParquet(lines: string, path: string, columns: Record<string, string>): Promise<void> {
  const database = await openDatabase({ reads: [lines], writes: [path] });
  const types = Object.entries(columns).map(([name, type]) => `${identifier(name)}: ${literal(type)}`);
  const read = `read_json(${literal(database.pathOf(lines))}, format='newline_delimited', maximum_object_size=${longestRow}, columns={${types.join(", ")}})`;
  try {
    // One thread: rows keep their order, and there is one buffer for the longest of them.
    await database.connection.run("SET threads = 1");
    await explained(`Writing ${path}`, () =>
      database.connection.run(
        `COPY (FROM ${read}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048, USE_TMP_FILE false)`,
      ),
    );
  } finally {
    database.close();
  }
}
