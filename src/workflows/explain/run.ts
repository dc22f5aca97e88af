// Why a model answers as it does: one text, or every row of a table.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { type Explanation, type MethodName, type OpenExplainer, openExplainer } from "../../explain/index.js";
import { checkOutputs, hasRows, type NewColumn } from "../../tables/index.js";
import { openTextModel } from "../../tasks/index.js";
import { addColumns, forTexts, withTable } from "../add-columns.js";
import { checkModelColumns } from "../model-columns.js";
import { textColumnsOf } from "../text-columns.js";
import { type ExplainOptions, explainOptionsSchema } from "./options.js";

export interface ExplainResult {
  method: MethodName;
  /** What shares are compared with, in words. */
  how: string;
  /** What a share is a part of, in words. */
  unit: string;
}

export interface TextExplanation extends ExplainResult {
  explanation: Explanation;
  html?: string;
}

export interface TableExplanation extends ExplainResult {
  rows: number;
  /** Rows without text: their new columns are empty. */
  withoutText: number;
  /** Rows whose text is longer than the model reads: what it read is explained. */
  cut: number;
  /** Names of the new columns, with a suffix where a name was taken. */
  columns: string[];
  out?: string;
  html?: string;
}

/** Whether what a user wants explained is a table: a file, a pattern of files, or standard input. */
export function isTable(input: string): boolean {
  return (
    input === "-" || existsSync(input) || /^\S+\.(csv|tsv|txt|jsonl|ndjson|json|parquet|duckdb|db)(\.gz)?$/i.test(input)
  );
}

/**
 * What each word of a text did for the answer.
 *
 * @throws UserError where the folder is no text model, the method not for it, or the text has no words
 * @example
 * const { explanation } = await explainText("model", "free entry, call now");
 * explanation.words; // [{ word: "free", start: 0, end: 4, share: 1.3 }, …]
 */
export async function explainText(
  folder: string,
  text: string,
  options: ExplainOptions = {},
  watch: WorkflowWatch = {},
): Promise<TextExplanation> {
  const settings = explainOptionsSchema.parse(options);
  for (const name of ["out", "text", "table", "query", "safeCsv"] as const)
    if (settings[name])
      throw new UserError(
        `${option(name)} is for tables, but '${text.slice(0, 40)}' is no file: it would be explained as a text. Omit it.`,
      );
  await checkOutputs({ inputs: [folder], outputs: [settings.html] });
  return withExplainer(folder, settings, async (explainer) => {
    const [explanation] = await explainer.explain([text], watch);
    if (explanation.words.length === 0)
      throw new UserError("The text has no words to explain. Specify a text with words, or a table.");
    for (const note of notesOn(explanation)) watch.onMessage?.(note);
    const { method, how, unit } = explainer;
    return { method, how, unit, explanation };
  });
}

/** What to know of an explanation that did not see everything. */
function notesOn({ words, read, isUnknown }: Explanation): string[] {
  const notes: string[] = [];
  if (read < words.length)
    notes.push(`The model reads the first ${read} of the text's ${words.length} words: the others have no share.`);
  if (isUnknown) notes.push("The model knows none of the words: its answer is what it says of any text like that.");
  return notes;
}

/** Rows that are explained at a time. */
const rowsAtOnce = 256;
const topWords = 5;

/**
 * Keeps every column of the table and adds each row's explanation: `<label>_words`, JSON with a share for each word and its place
 * in the text, and `<label>_top_words`, those that speak most for the answer. Without `out` the rows go to `output` as CSV.
 *
 * @throws UserError for a wrong folder, table or target; CancelledError after an abort, with nothing written
 * @example
 * await explainTable("model", "new-reviews.csv", { out: "why.parquet" });
 */
export async function explainTable(
  folder: string,
  path: string,
  options: ExplainOptions = {},
  watch: WorkflowWatch = {},
  output: Writable = process.stdout,
): Promise<TableExplanation> {
  const settings = explainOptionsSchema.parse(options);
  const { text: named, out, html, safeCsv, table, query } = settings;
  await checkOutputs({ inputs: [folder, path], outputs: [out, html] });
  return withExplainer(folder, settings, async (explainer, { textColumns, labelColumn }) => {
    const text = textColumnsOf(named, { textColumns }, path);
    return withTable({ path, table, query }, watch, async (opened) => {
      if (named === undefined && (hasRows(opened) || opened.columns.length > 0)) checkModelColumns(opened, text);
      const columns: NewColumn[] = [
        { name: `${labelColumn}_words`, type: "VARCHAR", writtenAs: "JSON" },
        { name: `${labelColumn}_top_words`, type: "VARCHAR[]", separator: " " },
      ];
      let [withText, cut] = [0, 0];
      const values = forTexts(columns.length, async (texts, rows, tell) => {
        const found: Explanation[] = [];
        for (let at = 0; at < texts.length; at += rowsAtOnce) {
          found.push(...(await explainer.explain(texts.slice(at, at + rowsAtOnce), { signal: watch.signal })));
          tell(rows[found.length - 1] + 1);
        }
        withText += texts.length;
        cut += found.filter(({ read, words }) => read < words.length).length;
        return [found.map(({ words }) => JSON.stringify(words)), found.map(strongest)];
      });
      const work = { text, columns, values, stage: "explaining", out, output, safeCsv };
      const { rows, names } = await addColumns(opened, work, watch);
      const { method, how, unit } = explainer;
      return { method, how, unit, rows, withoutText: rows - withText, cut, columns: names, out };
    });
  });
}

/** The words that speak most for the answer, as the text has them. */
function strongest({ words }: Explanation): string[] {
  return [...words]
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, topWords)
    .map(({ word }) => word);
}

/** Opens a model for as long as `work` takes. */
async function withExplainer<Result>(
  folder: string,
  { method, label, against, threads = availableParallelism() }: ReturnType<typeof explainOptionsSchema.parse>,
  work: (explainer: OpenExplainer, facts: { textColumns: readonly string[]; labelColumn: string }) => Promise<Result>,
): Promise<Result> {
  const opened = await openTextModel(folder, { threads });
  try {
    const { labelColumn } = opened.facts;
    const explainer = await openExplainer({ ...opened, labelColumn }, { method, label, against, threads });
    try {
      return await work(explainer, opened.facts);
    } finally {
      await explainer.close();
    }
  } finally {
    await opened.model.close();
  }
}
