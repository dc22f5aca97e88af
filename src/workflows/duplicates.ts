// Which rows of a table say the same: groups, and on demand the table with the group of every row.
import { availableParallelism } from "node:os";
import { CancelledError, UserError } from "../base/errors.js";
import { type DuplicateKind, type Duplicates, findDuplicates, type SameMeaning } from "../duplicates/index.js";
import { neighbourGraph } from "../neighbours/index.js";
import { openRowEncoder } from "../rows/index.js";
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
 * Finds groups of rows with the same text, letter by letter, or nearly; with `meaning` also rows whose vectors are as
 * similar as that. With `out` the table is written with three more columns: `duplicate` (first, exact, near or meaning;
 * empty where a row is alone), `duplicate_group` (numbered from 1) and `duplicate_similarity`.
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
  const settings = duplicatesOptionsSchema.parse(options);
  const { text, threshold, out, table: tableName, query } = settings;
  const table = await openTable({ path, table: tableName, query }, watch);
  try {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    const texts = await readTexts(table, text);
    const sameMeaning = settings.meaning === undefined ? undefined : searchByMeaning(texts, settings, watch);
    const duplicates = await findDuplicates(texts, { threshold, sameMeaning, watch });
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

/** Nearest rows by their vectors, of which so many are looked at. */
const neighbours = 20;

function searchByMeaning(
  texts: readonly (string | null)[],
  settings: { meaning?: number; with?: string; seed: number; threads?: number },
  watch: WorkflowWatch,
): SameMeaning {
  const { meaning = 1, with: source, seed, threads = availableParallelism() } = settings;
  return async (rows) => {
    const given = texts.filter((text) => text !== null);
    const encoder = await openRowEncoder(given, { with: source, seed, threads }, watch);
    try {
      const { dim } = encoder;
      const encoded = await encoder.encode(Array.from(rows, (row) => texts[row] as string));
      const known = [...rows.keys()].filter((at) => encoded.known[at]);
      const vectors = new Float32Array(known.length * dim);
      for (const [i, at] of known.entries()) vectors.set(encoded.vectors.subarray(at * dim, (at + 1) * dim), i * dim);
      const graph = await neighbourGraph(vectors, dim, neighbours, watch);
      const placeOf = new Map(known.map((at, place) => [rows[at], place]));
      return function* (row) {
        const place = placeOf.get(row);
        if (place === undefined) return;
        for (let i = place * neighbours; i < (place + 1) * neighbours; i++) {
          if (graph.rows[i] < 0 || graph.similarities[i] < meaning) return;
          yield { row: rows[known[graph.rows[i]]], similarity: Math.min(1, graph.similarities[i]) };
        }
      };
    } finally {
      await encoder.close();
    }
  };
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
          throw new UserError(
            "The query returns different rows each time. Write its rows to a file first and read that.",
          );
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
