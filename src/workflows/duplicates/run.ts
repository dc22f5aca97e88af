// Duplicate rows of a table: groups, and on demand the table with the group of every row, or without the duplicates.
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { writeFault } from "../../base/outputs.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { type DuplicateKind, type Duplicates, findDuplicates, type SameMeaning } from "../../duplicates/index.js";
import { neighbourGraph } from "../../neighbours/index.js";
import { openRowEncoder, type RowEncoderOptions, vectorsPath } from "../../row-vectors/index.js";
import {
  checkOutputs,
  checkSelectTarget,
  type NewColumn,
  readTexts,
  selectRows,
  type Table,
} from "../../tables/index.js";
import { compileIgnore } from "../../text/index.js";
import { addColumns, forKnownRows, withTable } from "../add-columns.js";
import { type DuplicatesOptions, duplicatesOptionsSchema } from "./options.js";

export interface DuplicateGroup {
  /** Number of the first row, counted from 1. */
  row: number;
  text: string;
  copies: { row: number; text: string; kind: DuplicateKind; similarity: number }[];
}

export interface DuplicatesResult {
  rows: number;
  withoutText: number;
  /** Duplicates of the first row of their group, by how they were found. */
  found: Record<DuplicateKind, number>;
  /** Largest first. */
  groups: DuplicateGroup[];
  out?: string;
  /** Names of the new columns, if a table was written. */
  columns: string[];
  /** The table without its duplicates, if it was written. */
  clean?: { path: string; rows: number };
}

/**
 * Finds groups of rows with identical or nearly identical text; with `meaning` also rows whose vectors are that
 * similar. Matches of `ignore` are not compared. With `out` the table is written with three more columns:
 * `duplicate` (first, exact, near or meaning; empty for a row without duplicates), `duplicate_group` (numbered from 1) and
 * `duplicate_similarity`. With `clean` it is written with one row of each group, chosen by `keep`, and all rows without duplicates.
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
  const { text, threshold, out, clean, keep = "first", safeCsv, table: tableName, query } = settings;
  if (settings.keep !== undefined && clean === undefined)
    throw new UserError(
      `${option("keep")} chooses which rows stay in the file of ${option("clean")}. Specify that file: ` +
        `${option("clean")} rows.csv`,
    );
  if (clean !== undefined) checkSelectTarget(clean);
  if (clean !== undefined && out !== undefined && resolve(clean) === resolve(out))
    throw new UserError(`${option("out")} and ${option("clean")} are both '${clean}'. Use two different files.`);
  await checkOutputs({ inputs: [path, vectorsPath(settings.with)], outputs: [out, clean] });
  const ignore = settings.ignore === undefined ? undefined : compileIgnore(settings.ignore, option("ignore"));
  return withTable({ path, table: tableName, query }, watch, async (table) => {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    const texts = await readTexts(table, text);
    const compared = ignore ? texts.map((one) => (one === null ? null : ignore(one).trim() || null)) : texts;
    const sameMeaning = settings.meaning === undefined ? undefined : searchByMeaning(compared, settings, watch);
    const duplicates = await findDuplicates(compared, { threshold, sameMeaning, watch });
    const groups = groupsOf(texts, duplicates);
    const columns =
      out === undefined ? [] : await writeGroups(table, text, texts, duplicates, groups, { out, safeCsv }, watch);
    const cleaned = clean === undefined ? undefined : { path: clean, ...(await writeClean()) };
    const found = { exact: 0, near: 0, meaning: 0 };
    for (const kind of duplicates.kinds) if (kind) found[kind]++;
    groups.sort((a, b) => b.copies.length - a.copies.length || a.row - b.row);
    const withoutText = compared.filter((one) => one === null).length;
    return { rows: texts.length, withoutText, found, groups, out, columns, clean: cleaned };

    async function writeClean(): Promise<{ rows: number }> {
      watch.onProgress?.({ stage: "writing", done: 0, total: 1 });
      const outPath = clean as string;
      const leftOut = rowsLeftOut(groups, keep);
      const rows = [...texts.keys()].filter((row) => !leftOut.has(row));
      const target = {
        rows,
        proof: { text, texts },
        outPath,
        safeCsv,
        signal: watch.signal,
        onMessage: watch.onMessage,
      };
      return selectRows(table, target).catch((error: unknown) => {
        throw writeFault(error, outPath);
      });
    }
  });
}

/** Nearest rows by their vectors, of which so many are looked at. */
const neighbours = 20;

function searchByMeaning(
  texts: readonly (string | null)[],
  settings: Pick<RowEncoderOptions, "with" | "precision" | "seed"> & { meaning?: number; threads?: number },
  watch: WorkflowWatch,
): SameMeaning {
  const { meaning = 1, with: source, precision, seed, threads = availableParallelism() } = settings;
  const search: SameMeaning["search"] = async (rows) => {
    const given = texts.filter((text) => text !== null);
    const encoder = await openRowEncoder(given, { with: source, precision, seed, threads }, watch);
    try {
      const { dim } = encoder;
      const own = Array.from(rows, (row) => texts[row] as string);
      const tell = (done: number) => watch.onProgress?.({ stage: "encoding", done, total: own.length });
      const encoded = await encoder.encode(own, { signal: watch.signal, onTexts: tell });
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
  return { threshold: meaning, search };
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

/** All rows of each group but one, by number from 0. */
function rowsLeftOut(groups: readonly DuplicateGroup[], keep: "first" | "longest"): Set<number> {
  const leftOut = new Set<number>();
  for (const group of groups) {
    const members = [group, ...group.copies];
    let kept = group.row;
    if (keep === "longest") kept = members.reduce((a, b) => (b.text.length > a.text.length ? b : a)).row;
    for (const { row } of members) if (row !== kept) leftOut.add(row - 1);
  }
  return leftOut;
}

async function writeGroups(
  table: Table,
  text: readonly string[],
  texts: readonly (string | null)[],
  { firstRow, kinds, similarities }: Duplicates,
  groups: readonly DuplicateGroup[],
  target: { out: string; safeCsv: boolean },
  watch: WorkflowWatch,
): Promise<string[]> {
  const numbers = new Map(groups.map(({ row }, i) => [row - 1, i + 1]));
  const columns: NewColumn[] = [
    { name: "duplicate", type: "VARCHAR" },
    { name: "duplicate_group", type: "INTEGER" },
    { name: "duplicate_similarity", type: "DOUBLE" },
  ];
  const values = forKnownRows(texts, (row) => {
    const group = numbers.get(firstRow[row]);
    return group === undefined ? [null, null, null] : [kinds[row] ?? "first", group, similarities[row]];
  });
  return (await addColumns(table, { text, columns, values, stage: "writing", ...target, suffix: "found" }, watch))
    .names;
}
