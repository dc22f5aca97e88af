// Which rows of a table say the same: groups, and on demand the table with the group of every row.
import { CancelledError, UserError } from "../base/errors.js";
import { type DuplicateKind, type Duplicates, findDuplicates } from "../duplicates/index.js";
import { openTable, readTexts, scoreTable, type Table } from "../tables/index.js";
import { type DuplicatesOptions, duplicatesOptionsSchema } from "./duplicates-options.js";
import { writeFault } from "./model-out.js";
import type { WorkflowWatch } from "./watch.js";

export interface DuplicateGroup {
  /** Number of the first row, counted from 1. */
  row: number;
  text: string;
  copies: { row: number; text: string; kind: DuplicateKind; similarity: number }[];
}

export interface DuplicatesResult {
  rows: number;
  withoutText: number;
  /** Rows that are no first row of their group, by the way they were found. */
  found: Record<DuplicateKind, number>;
  /** Largest first. */
  groups: DuplicateGroup[];
  out?: string;
  /** Names of the new columns, where a table was written. */
  columns: string[];
}

/**
 * Finds groups of rows with the same text, letter by letter, or nearly. With `out` the table is written with three more
 * columns: `duplicate` (first, exact or near; empty where a row is alone), `duplicate_group` (numbered from 1) and
 * `duplicate_similarity`.
 *
 * @throws UserError for a wrong table or target; CancelledError after an abort, with nothing written
 * @example
 * const { groups } = await findTableDuplicates("tickets.csv", { text: ["body"], threshold: 0.9 });
 */
export async function findTableDuplicates(
  path: string,
  options: DuplicatesOptions,
  watch: WorkflowWatch = {},
): Promise<DuplicatesResult> {
  const { text, threshold, out, table: tableName, query } = duplicatesOptionsSchema.parse(options);
  const table = await openTable({ path, table: tableName, query });
  try {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    const texts = await readTexts(table, text);
    const duplicates = await findDuplicates(texts, { threshold, watch });
    const groups = groupsOf(texts, duplicates);
    const columns = out === undefined ? [] : await writeGroups(table, text, texts, duplicates, groups, out, watch);
    const found = { exact: 0, near: 0, meaning: 0 };
    for (const kind of duplicates.kinds) if (kind) found[kind]++;
    groups.sort((a, b) => b.copies.length - a.copies.length || a.row - b.row);
    const withoutText = texts.filter((one) => one === null).length;
    return { rows: texts.length, withoutText, found, groups, out, columns };
  } finally {
    table.close();
  }
}

/** In the order of their first rows. */
function groupsOf(texts: readonly (string | null)[], { firstRow, kinds, similarities }: Duplicates): DuplicateGroup[] {
  const groups = new Map<number, DuplicateGroup>();
  for (const [row, kind] of kinds.entries()) {
    if (!kind) continue;
    const first = firstRow[row];
    const group = groups.get(first) ?? { row: first + 1, text: texts[first] as string, copies: [] };
    group.copies.push({ row: row + 1, text: texts[row] as string, kind, similarity: similarities[row] });
    groups.set(first, group);
  }
  return [...groups.values()].sort((a, b) => a.row - b.row);
}

async function writeGroups(
  table: Table,
  columns: readonly string[],
  texts: readonly (string | null)[],
  { firstRow, kinds, similarities }: Duplicates,
  groups: readonly DuplicateGroup[],
  out: string,
  watch: WorkflowWatch,
): Promise<string[]> {
  const numbers = new Map(groups.map(({ row }, i) => [row - 1, i + 1]));
  let done = 0;
  const { names } = await scoreTable(
    table,
    {
      text: columns,
      outPath: out,
      suffix: "found",
      signal: watch.signal,
      newColumns: [
        { name: "duplicate", type: "VARCHAR" },
        { name: "duplicate_group", type: "INTEGER" },
        { name: "duplicate_similarity", type: "DOUBLE" },
      ],
    },
    async (part) => {
      const rows = part.map((one, i) => {
        if (one !== texts[done + i])
          throw new UserError("The query gives other rows every time. Write its rows to a file first and read that.");
        return done + i;
      });
      done += part.length;
      const group = rows.map((row) => numbers.get(firstRow[row]) ?? null);
      const kind = rows.map((row, i) => (group[i] === null ? null : (kinds[row] ?? "first")));
      return [kind, group, rows.map((row, i) => (group[i] === null ? null : similarities[row]))];
    },
    (rows, total) => watch.onProgress?.({ stage: "writing", done: rows, total }),
  ).catch((error: unknown) => {
    if (error instanceof CancelledError) throw error;
    throw writeFault(error, out);
  });
  return names;
}
