// Some rows of a table, by number, to a file of their own: all their columns as they are, new ones before them.
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { asidePath } from "../base/atomic.js";
import { CancelledError, UserError } from "../base/errors.js";
import { temporary } from "../base/temporary.js";
import { explained, identifier, literal } from "./database.js";
import { copyFormat, freeName } from "./score-table.js";
import { accessOf, findColumns, streamColumns, type Table } from "./table.js";
import { checkTarget } from "./target.js";
import { textSql } from "./text-sql.js";

export interface SelectOptions {
  /** Numbers from 0, in the order that they are written in; one may come again. */
  rows: readonly number[];
  /** Columns before the table's own: a value for each of `rows`. A name that is taken gets `_<suffix>`. */
  newColumns?: readonly {
    name: string;
    type: "VARCHAR" | "DOUBLE" | "INTEGER";
    values: readonly (string | number)[];
  }[];
  suffix?: string;
  /** Columns of the table that are left out. */
  without?: readonly string[];
  /** The text of every row as `readTexts` gave it for these columns: proof that the rows are the same. */
  proof?: { text: readonly string[]; texts: readonly (string | null)[] };
  /** As for scoreTable. */
  outPath: string;
  signal?: AbortSignal;
}

/**
 * Writes rows aside and then renames: the file is whole or not there. They wait in a temporary database on disk.
 *
 * @throws UserError for an unknown ending, a folder that is missing, and when the table now has other rows; CancelledError
 * after an abort
 * @example
 * await selectRows(table, { rows: [4, 2], outPath: "two.csv" });
 */
export async function selectRows(table: Table, options: SelectOptions): Promise<{ rows: number }> {
  const { rows, newColumns = [], suffix = "new", without = [], proof, outPath, signal } = options;
  checkSelectTarget(outPath);
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
  const columns = table.columns
    .filter(({ name }) => !without.includes(name))
    .map(({ name }, i) => ({ name: identifier(name), stored: `c${i}` }));
  try {
    signal?.throwIfAborted();
    const path = literal(join(folder, "rows.duckdb"));
    await explained(`Putting rows aside in ${folder}`, () => connection.run(`ATTACH ${path} AS selecting`));
    const definitions = newColumns.map(({ type }, i) => `, n${i} ${type}`).join("");
    await connection.run(`CREATE TABLE selecting.picks (place INTEGER, row BIGINT${definitions})`);
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
    const numbered = `(SELECT row_number() OVER () - 1 AS "row number", * FROM ${relation})`;
    const text = proof ? `${textSql(findColumns(table, proof.text))} AS text, ` : "";
    const stored = columns.map(({ name, stored }) => `, ${name} AS ${stored}`).join("");
    const wanted = proof ? "" : ' WHERE "row number" IN (SELECT row FROM selecting.picks)';
    await reading(() =>
      connection.run(
        `CREATE TABLE selecting.rows AS SELECT ${text}"row number" AS row${stored} FROM ${numbered}${wanted}`,
      ),
    );
    if (proof) await checkTexts(streamColumns(reader, "SELECT text FROM selecting.rows ORDER BY row"), proof.texts);
    const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()));
    const names = [
      ...newColumns.map(({ name }, i) => `n${i} AS ${identifier(freeName(name, taken, suffix))}`),
      ...columns.map(({ name, stored }) => `${stored} AS ${name}`),
    ];
    const from = "selecting.picks JOIN selecting.rows USING (row) ORDER BY place";
    await explained(`Writing ${outPath}`, () =>
      connection.run(`COPY (SELECT ${names.join(", ")} FROM ${from}) TO ${literal(aside)} (${copyFormat(outPath, 0)})`),
    );
    renameSync(aside, outPath);
    return { rows: rows.length };
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
  new UserError("The query gives other rows every time. Write its rows to a file first and read that.");
