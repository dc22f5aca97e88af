// Some rows of a table, by number, to a file of their own: all their columns as they are, new ones before them.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { fileAside } from "../base/atomic.js";
import { CancelledError, UserError } from "../base/errors.js";
import { filePlaceOf } from "../base/place.js";
import { bareName, freeName } from "./column-names.js";
import { type Database, explained, literal, openDatabase, streaming, streamingMemory } from "./database.js";
import duckdb from "./duckdb.js";
import { fileFormatOf } from "./file-formats.js";
import { keptColumns } from "./kept-columns.js";
import { accessOf, streamColumns, type Table } from "./table.js";
import { checkTarget } from "./target.js";
import { writeTable } from "./write-table.js";

const { DOUBLE, INTEGER, VARCHAR } = duckdb;

export interface SelectOptions {
  /** Row numbers from 0, in the order of output; they may repeat. */
  rows: readonly number[];
  /** Columns before the table's own: a value for each of `rows`. A name that is taken gets `_<suffix>`. */
  newColumns?: readonly {
    name: string;
    type: "VARCHAR" | "DOUBLE" | "INTEGER";
    values: readonly (string | number)[];
  }[];
  /** Default: new. */
  suffix?: string;
  /** Columns of the table to omit. */
  without?: readonly string[];
  /** The text of every row as `readTexts` gave it for these columns: proof that the rows are the same. */
  proof?: { text: readonly string[]; texts: readonly (string | null)[] };
  /** As for appendColumns. */
  outPath: string;
  /** Stops with a CancelledError and leaves no files behind. */
  signal?: AbortSignal;
  /** Called once with what the format cannot represent and how it is written. */
  onMessage?: (message: string) => void;
}

/**
 * Writes rows to a temporary file and renames it: it is complete or absent. Rows are buffered in a temporary database on disk.
 *
 * @throws UserError for an unknown extension, a folder that is missing, and when the table's rows have changed; CancelledError
 * after an abort
 * @example
 * await selectRows(table, { rows: [4, 2], outPath: "two.csv" });
 */
export async function selectRows(table: Table, options: SelectOptions): Promise<{ rows: number }> {
  const { rows, newColumns = [], suffix = "new", without = [], proof, outPath, signal, onMessage } = options;
  checkSelectTarget(outPath);
  const format = fileFormatOf(outPath);
  const kept = keptColumns(table, proof?.text ?? [], format, without);
  const { database, relation, reading } = accessOf(table);
  const folder = mkdtempSync(join(database.folder, "select-"));
  const aside = fileAside(filePlaceOf(outPath));
  const path = literal(join(folder, "rows.duckdb"));
  const open: DuckDBConnection[] = [database.connection];
  let own: Database | undefined;
  const interrupt = () => {
    for (const one of open) one.interrupt();
  };
  signal?.addEventListener("abort", interrupt);
  try {
    signal?.throwIfAborted();
    const storing = `Storing rows temporarily in ${folder}`;
    await explained(storing, () => database.connection.run(`ATTACH ${path} AS selecting`));
    await streaming(database, "selecting", async ({ roomy }) => {
      const definitions = newColumns.map(({ type }, i) => `, n${i} ${type}`).join("");
      await database.connection.run(`CREATE TABLE selecting.picks (place INTEGER, row BIGINT${definitions})`);
      await fillPicks(database.connection, rows, newColumns);
      const stored = kept.stored.map(({ sql }, i) => `, ${sql} AS c${i}`).join("");
      const numbered = `SELECT row_number() OVER () - 1 AS row, ${kept.text} AS text${stored} FROM ${relation}`;
      const wanted = proof ? numbered : `FROM (${numbered}) WHERE row IN (SELECT row FROM selecting.picks)`;
      await reading(() => roomy(() => database.connection.run(`CREATE OR REPLACE TABLE selecting.rows AS ${wanted}`)));
    });
    // Where the output may be written, nothing runs that a table may have brought along.
    own = await openDatabase({ writes: [aside.path], folder });
    const { connection } = own;
    const reader = await own.connect();
    open.push(connection, reader);
    signal?.throwIfAborted();
    const memory = await streamingMemory(connection);
    await explained(storing, () => connection.run(`ATTACH ${path} AS selecting`));
    if (proof) await checkTexts(streamColumns(reader, "SELECT text FROM selecting.rows ORDER BY row"), proof.texts);
    await memory.roomy(() =>
      connection.run(
        "CREATE OR REPLACE TABLE selecting.picked AS FROM selecting.picks JOIN selecting.rows USING (row) ORDER BY place",
      ),
    );
    const size = await connection.runAndReadAll("SELECT coalesce(avg(strlen(text)), 0) FROM selecting.picked");
    const taken = new Set(table.columns.map(({ name }) => bareName(name)));
    const added = newColumns.map(({ name, type }, i) => ({
      name: freeName(name, taken, suffix),
      sql: `r.n${i}`,
      type: { VARCHAR, DOUBLE, INTEGER }[type],
      isNew: true,
    }));
    const target = {
      connection,
      from: "selecting.picked AS r",
      columns: [...added, ...kept.columns],
      openObject: kept.openObject,
      format,
      path: aside.path,
      rows: rows.length,
      rowBytes: Number(size.getRows()[0][0]),
    };
    const messages = new Set<string>();
    const say = (message: string) => void messages.add(message);
    await explained(`Writing ${outPath}`, () => memory.roomy(() => writeTable({ ...target, onMessage: say })));
    for (const message of messages) onMessage?.(message);
    aside.put();
    return { rows: rows.length };
  } catch (error) {
    throw signal?.aborted ? new CancelledError("Stopped before all rows were written.") : error;
  } finally {
    signal?.removeEventListener("abort", interrupt);
    own?.close();
    aside.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fillPicks(
  connection: DuckDBConnection,
  rows: readonly number[],
  newColumns: NonNullable<SelectOptions["newColumns"]>,
): Promise<void> {
  const picks = await connection.createAppender("picks", "main", "selecting");
  for (const [place, row] of rows.entries()) {
    picks.appendInteger(place);
    picks.appendBigInt(BigInt(row));
    for (const { type, values } of newColumns) {
      if (type === "VARCHAR") picks.appendVarchar(String(values[place]));
      else if (type === "DOUBLE") picks.appendDouble(Number(values[place]));
      else picks.appendInteger(Number(values[place]));
    }
    picks.endRow();
  }
  picks.closeSync();
}

/** Before the long work. @throws UserError as `selectRows` */
export function checkSelectTarget(path: string): void {
  fileFormatOf(path);
  checkTarget(path);
}

async function checkTexts(found: AsyncIterable<unknown[][]>, texts: readonly (string | null)[]): Promise<void> {
  let row = 0;
  for await (const [part] of found)
    for (const one of part as string[]) {
      if (row === texts.length || (one.trim() === "" ? null : one) !== texts[row]) throw otherRows();
      row++;
    }
  if (row !== texts.length) throw otherRows();
}

const otherRows = () =>
  new UserError("The query returns different rows each time. Save its rows to a file first, and use that.");
