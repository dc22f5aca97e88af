// Some rows of a table to a file of their own, all their columns as they are. Knows not why these rows.
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { asidePath } from "../base/atomic.js";
import { CancelledError, UserError } from "../base/errors.js";
import { temporary } from "../base/temporary.js";
import { explained, identifier, literal } from "./database.js";
import { copyFormat } from "./score-table.js";
import { accessOf, findColumns, streamColumns, type Table } from "./table.js";
import { checkTarget } from "./target.js";
import { textSql } from "./text-sql.js";

export interface SelectOptions {
  /** Columns of the text, as `texts` were read from. */
  text: readonly string[];
  /** The text of every row as `readTexts` gave them: proof that the rows are the same. */
  texts: readonly (string | null)[];
  /** Which rows go to the file, by number from 0. */
  isKept(row: number): boolean;
  /** As for scoreTable. */
  outPath: string;
  signal?: AbortSignal;
}

/**
 * Writes rows in the order of the table, aside and then renamed: the file is whole or not there. Rows wait in a temporary
 * database on disk.
 *
 * @throws UserError for an unknown ending, a folder that is missing, and when the table now has other rows; CancelledError
 * after an abort
 * @example
 * await selectRows(table, { text: ["body"], texts, isKept: (row) => row % 2 === 0, outPath: "half.csv" });
 */
export async function selectRows(
  table: Table,
  { text, texts, isKept, outPath, signal }: SelectOptions,
): Promise<{ rows: number }> {
  checkSelectTarget(outPath);
  const expression = textSql(findColumns(table, text));
  const { database, relation, reading } = accessOf(table);
  const folder = mkdtempSync(join(database.folder(), "select-"));
  const aside = asidePath(outPath);
  const remove = temporary(aside);
  const { connection } = database;
  const reader = await database.connect();
  const interrupt = () => {
    for (const one of [connection, reader]) one.interrupt();
  };
  signal?.addEventListener("abort", interrupt);
  const columns = table.columns.map(({ name }, i) => ({ name: identifier(name), stored: `c${i}` }));
  try {
    signal?.throwIfAborted();
    const path = literal(join(folder, "rows.duckdb"));
    await explained(`Putting rows aside in ${folder}`, () => connection.run(`ATTACH ${path} AS selecting`));
    await reading(() =>
      connection.run(
        `CREATE TABLE selecting.rows AS SELECT row_number() OVER () - 1 AS row, ${expression} AS text, ` +
          `${columns.map(({ name, stored }) => `${name} AS ${stored}`).join(", ")} FROM ${relation}`,
      ),
    );
    await connection.run("CREATE TABLE selecting.kept (row BIGINT)");
    const kept = await reader.createAppender("kept", "main", "selecting");
    let [row, rows, bytes] = [0, 0, 0];
    for await (const [found] of streamColumns(reader, "SELECT text FROM selecting.rows ORDER BY row")) {
      for (const one of found as string[]) {
        if (row >= texts.length || (one.trim() === "" ? null : one) !== texts[row]) throw otherRows();
        if (isKept(row)) {
          kept.appendBigInt(BigInt(row));
          kept.endRow();
          rows++;
        }
        bytes += one.length;
        row++;
      }
    }
    if (row !== texts.length) throw otherRows();
    kept.closeSync();
    const names = columns.map(({ name, stored }) => `${stored} AS ${name}`).join(", ");
    const from = "selecting.rows SEMI JOIN selecting.kept USING (row) ORDER BY row";
    const format = copyFormat(outPath, bytes / Math.max(1, row));
    await explained(`Writing ${outPath}`, () =>
      connection.run(`COPY (SELECT ${names} FROM ${from}) TO ${literal(aside)} (${format})`),
    );
    renameSync(aside, outPath);
    return { rows };
  } catch (error) {
    throw signal?.aborted ? new CancelledError("Stopped before all rows were written.") : error;
  } finally {
    signal?.removeEventListener("abort", interrupt);
    reader.closeSync();
    await connection.run("DETACH DATABASE IF EXISTS selecting").catch(() => undefined);
    remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Before the long work. @throws UserError as `selectRows` */
export function checkSelectTarget(path: string): void {
  copyFormat(path, 0);
  checkTarget(path);
}

const otherRows = () =>
  new UserError("The query gives other rows every time. Write its rows to a file first and read that.");
