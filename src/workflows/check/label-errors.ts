// Rows of a table whose label is probably wrong: ranked, written on demand, and the table without them or with suggestions.
import { resolve } from "node:path";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { writeFault } from "../../base/outputs.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { findLabelErrors, likelyErrors } from "../../checks/index.js";
import { outOfFold } from "../../linear/index.js";
import { checkOutputs, checkSelectTarget, holdsLists, readTexts, selectRows, type Table } from "../../tables/index.js";
import { classesOf, type LabelSpace } from "../../tasks/classify/space.js";
import { fingerprint, type LabelledTable, readLabelled, tasks } from "../../tasks/index.js";
import { addColumns, forKnownRows, withTable } from "../add-columns.js";
import { type LabelErrorsOptions, labelErrorsOptionsSchema } from "./options.js";

export interface SuspiciousRow {
  /** From 1. */
  row: number;
  text: string;
  label: string;
  suggested: string;
  /** Of the given and of the suggested label, by a model that did not learn from the row. */
  probabilities: { given: number; suggested: number };
}

export interface LabelErrorsResult {
  /** With a text and a label. */
  rows: number;
  /** Rows that were looked at: of very long tables a part. */
  examined: number;
  /** The worst first. */
  suspicious: SuspiciousRow[];
  /** How many of the suspicious rows are expected to be labelled wrong, by two estimates: see docs/check.md. */
  expected: { least: number; most: number };
  /** Given and suggested labels of suspicious rows, the most frequent pairs first. */
  pairs: { label: string; suggested: string; rows: number }[];
  out?: string;
  clean?: { path: string; rows: number; columns: string[] };
}

const fewestRows = 50;

/**
 * Finds rows whose label is probably wrong, by confident learning on what models answer that did not learn from the row. With `out`
 * these rows are written, the worst first, with the columns `<label>_suggested`, `<label>_probability` and
 * `<label>_suggested_probability` before their own. With `clean` the table is written without them, or with `suggest` whole,
 * with the column `<label>_suggested`.
 *
 * @throws UserError for a wrong table or target, for fewer than 50 rows, and for labels that cannot be learned; CancelledError
 * after an abort, with nothing written
 * @example
 * const { suspicious } = await findTableLabelErrors("reviews.csv", { text: ["review"], label: "stars" });
 */
export async function findTableLabelErrors(
  path: string,
  options: LabelErrorsOptions,
  watch: WorkflowWatch = {},
): Promise<LabelErrorsResult> {
  const settings = labelErrorsOptionsSchema.parse(options);
  const { text, label, out, clean, suggest, seed, folds = 5, safeCsv } = settings;
  if (suggest && clean === undefined)
    throw new UserError(
      `${option("suggest")} is for the table of ${option("clean")}. Specify its file: ${option("clean")} rows.csv`,
    );
  if (out !== undefined && clean !== undefined && resolve(out) === resolve(clean))
    throw new UserError(`${option("out")} and ${option("clean")} are both '${clean}'. Use two different files.`);
  for (const target of [out, clean]) if (target !== undefined) checkSelectTarget(target);
  await checkOutputs({ inputs: [path], outputs: [out, clean] });
  return withTable({ path, table: settings.table, query: settings.query }, watch, async (table) => {
    if (await holdsLists(table, label)) throw oneLabel(label);
    const task = await tasks.classify.load();
    const read = await readLabelled(task, table, path, { text, label });
    if (read.texts.length < fewestRows)
      throw new UserError(
        `${read.source} has ${read.texts.length} rows with text and label; at least ${fewestRows} are needed to tell which labels are odd.`,
      );
    const { space } = task.plan(read, [...read.texts.keys()], settings);
    const { labels: names } = space as LabelSpace;
    const labels = classesOf(read.labels, space as LabelSpace).values as Int32Array;
    const classes = names.length;
    const groups = read.texts.map(fingerprint);
    const answers = await outOfFold({ texts: read.texts, labels, classes }, groups, { seed, folds }, watch);
    const chosen = answers.rows ?? Int32Array.from(read.texts.keys());
    const own = Int32Array.from(chosen, (row) => labels[row]);
    const found = findLabelErrors(answers.probabilities, own, classes);
    const probability = (at: number, c: number) => answers.probabilities[at * classes + c];
    const suspicious = Array.from(found.rows, (at, i): SuspiciousRow => {
      const row = chosen[at];
      return {
        row: read.places[row] + 1,
        text: read.texts[row],
        label: String(read.labels[row]),
        suggested: names[found.likely[i]],
        probabilities: { given: probability(at, own[at]), suggested: probability(at, found.likely[i]) },
      };
    });
    const texts = out === undefined && clean === undefined ? [] : await readTexts(table, text);
    const written = { rows: suspicious, text, texts, label, safeCsv };
    if (out !== undefined) await writeSuspicious(table, out, written, watch);
    const cleaned =
      clean === undefined ? undefined : await writeClean(table, clean, { ...written, suggest, read }, watch);
    return {
      rows: read.texts.length,
      examined: chosen.length,
      suspicious,
      expected: likelyErrors(found, answers.probabilities, own, classes),
      pairs: pairsOf(suspicious),
      out,
      clean: cleaned,
    };
  });
}

interface Written {
  rows: readonly SuspiciousRow[];
  text: readonly string[];
  /** Of all rows of the table. */
  texts: readonly (string | null)[];
  label: string;
  safeCsv: boolean;
}

async function writeSuspicious(
  table: Table,
  out: string,
  { rows, text, texts, label, safeCsv }: Written,
  watch: WorkflowWatch,
) {
  watch.onProgress?.({ stage: "writing", done: 0, total: 1 });
  const { signal, onMessage } = watch;
  const newColumns = [
    { name: `${label}_suggested`, type: "VARCHAR" as const, values: rows.map(({ suggested }) => suggested) },
    { name: `${label}_probability`, type: "DOUBLE" as const, values: rows.map((one) => one.probabilities.given) },
    {
      name: `${label}_suggested_probability`,
      type: "DOUBLE" as const,
      values: rows.map((one) => one.probabilities.suggested),
    },
  ];
  const target = {
    rows: rows.map(({ row }) => row - 1),
    newColumns,
    suffix: "found",
    proof: { text, texts },
    outPath: out,
    safeCsv,
    signal,
    onMessage,
  };
  await selectRows(table, target).catch((error: unknown) => {
    throw writeFault(error, out);
  });
}

async function writeClean(
  table: Table,
  clean: string,
  { rows, text, texts, label, safeCsv, suggest, read }: Written & { suggest: boolean; read: LabelledTable },
  watch: WorkflowWatch,
): Promise<NonNullable<LabelErrorsResult["clean"]>> {
  watch.onProgress?.({ stage: "writing", done: 0, total: 1 });
  const suggested = new Map(rows.map((one) => [one.row - 1, one.suggested]));
  if (!suggest) {
    const kept = [...texts.keys()].filter((row) => !suggested.has(row));
    const target = {
      rows: kept,
      proof: { text, texts },
      outPath: clean,
      safeCsv,
      signal: watch.signal,
      onMessage: watch.onMessage,
    };
    await selectRows(table, target).catch((error: unknown) => {
      throw writeFault(error, clean);
    });
    return { path: clean, rows: kept.length, columns: [] };
  }
  const labelOf = new Map(read.places.map((place, row) => [place, String(read.labels[row])]));
  const columns = [{ name: `${label}_suggested`, type: "VARCHAR" as const, writtenAs: read.labelType }];
  const values = forKnownRows(texts, (row) => [suggested.get(row) ?? labelOf.get(row) ?? null]);
  const added = await addColumns(
    table,
    { text, columns, values, stage: "writing", out: clean, safeCsv, suffix: "found" },
    watch,
  );
  return { path: clean, rows: added.rows, columns: added.names };
}

function pairsOf(rows: readonly SuspiciousRow[]): LabelErrorsResult["pairs"] {
  const pairs = new Map<string, { label: string; suggested: string; rows: number }>();
  for (const { label, suggested } of rows) {
    const key = JSON.stringify([label, suggested]);
    const own = pairs.get(key) ?? { label, suggested, rows: 0 };
    own.rows++;
    pairs.set(key, own);
  }
  return [...pairs.values()].sort((a, b) => b.rows - a.rows);
}

function oneLabel(label: string): UserError {
  return new UserError(
    `'${label}' has lists of labels. Wrong labels are looked for where each row has one label: choose another ` +
      `${option("label")} column, or make one of the list with ${option("query")}.`,
  );
}
