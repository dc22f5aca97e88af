// A table in, the same table with new columns out. The columns are data (name, type, values); what is the same for every
// command stands here: opening and closing, the stream of rows, progress, messages, what can go wrong with the target.
import type { Writable } from "node:stream";
import { UserError } from "../base/errors.js";
import { writeFault } from "../base/outputs.js";
import type { Watch } from "../base/progress.js";
import type { WorkflowWatch } from "../base/watch.js";
import {
  appendColumns,
  type NewColumn,
  type NewValues,
  openTable,
  type Score,
  type Table,
  type TableSource,
} from "../tables/index.js";

/**
 * Values of each new column for some rows in the order of the table; a text is null where a row has none. What takes long
 * tells how many of the rows are done.
 */
export type Answer = (texts: (string | null)[], tell: (rows: number) => void) => Promise<NewValues[]>;

export interface AddColumns {
  /** Columns of the text. */
  text: readonly string[];
  columns: readonly NewColumn[];
  values: Answer;
  /** What progress calls it. */
  stage: string;
  /** Without it CSV goes to `output`. */
  out?: string;
  output?: Writable;
  /** What a new column whose name is taken is called: its name and `_<suffix>`. */
  suffix?: string;
}

/** Opens a table for as long as `work` takes. */
export async function withTable<T>(source: TableSource, watch: Watch, work: (table: Table) => Promise<T>): Promise<T> {
  const table = await openTable(source, watch);
  try {
    return await work(table);
  } finally {
    table.close();
  }
}

/**
 * Memory does not grow with the rows.
 *
 * @returns how many rows there are, and the new columns' names as they are in use
 * @throws UserError for a wrong column or target; CancelledError after an abort, with nothing written
 * @example
 * const lengths: Answer = forTexts(1, async (texts) => [texts.map(({ length }) => length)]);
 * await addColumns(table, { text: ["body"], columns: [{ name: "length", type: "INTEGER" }], values: lengths, stage: "counting" });
 */
export async function addColumns(
  table: Table,
  { text, columns, values, stage, out, output, suffix }: AddColumns,
  { onProgress, onMessage, signal }: WorkflowWatch = {},
): Promise<{ rows: number; names: string[] }> {
  const options = { text, outPath: out, output, newColumns: columns, suffix, signal, onMessage };
  const answer: Score = async (texts, { done, total }) => {
    await new Promise((resolve) => setImmediate(resolve)); // so that a signal is heard
    signal?.throwIfAborted();
    return values(texts, (rows) => onProgress?.({ stage, done: done + rows, total }));
  };
  try {
    return await appendColumns(table, options, answer, (done, total) => onProgress?.({ stage, done, total }));
  } catch (error) {
    throw writeFault(error, out ?? "standard output");
  }
}

/** Answers for the rows that have a text, whose places among the rows are `rows`; the others' are null. */
export function forTexts(
  columns: number,
  answer: (texts: string[], rows: readonly number[], tell: (rows: number) => void) => Promise<NewValues[]>,
): Answer {
  return async (texts, tell) => {
    const rows = [...texts.keys()].filter((row) => texts[row] !== null);
    const values = await answer(
      rows.map((row) => texts[row] as string),
      rows,
      tell,
    );
    if (rows.length === texts.length) return values;
    return Array.from({ length: columns }, (_, c) => {
      const column = new Array<string | number | Float32Array | readonly string[] | null>(texts.length).fill(null);
      for (const [i, row] of rows.entries()) column[row] = values[c][i];
      return column as NewValues;
    });
  };
}

/** Values of all rows, found before; the rows must be those that `known` was read from. */
export function forKnownRows(
  known: readonly (string | null)[],
  valuesOf: (row: number) => (string | number | null)[],
): Answer {
  let done = 0;
  return async (texts) => {
    const first = done;
    if (texts.some((text, i) => text !== known[first + i]))
      throw new UserError("The query returns different rows each time. Save its rows to a file first, and use that.");
    done += texts.length;
    const rows = texts.map((_, i) => valuesOf(first + i));
    return (rows[0] ?? []).map((_, c) => rows.map((row) => row[c]));
  };
}
