// Why a model answers each row of a table as it does, what drives each label over all rows, and how far that can be trusted.
import { Writable } from "node:stream";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { createRandom } from "../../base/random.js";
import type { WorkflowWatch } from "../../base/watch.js";
import {
  type DrivingTerms,
  type Explanation,
  keepTrust,
  measureTrust,
  type OpenExplainer,
  readTrust,
  renderExplanations,
  type Trust,
  tallyDrivingWords,
} from "../../explain/index.js";
import { checkOutputs, hasRows, type NewColumn, type NewValues } from "../../tables/index.js";
import { addColumns, forTexts, withTable } from "../add-columns.js";
import { checkModelColumns } from "../model-columns.js";
import { textColumnsOf } from "../text-columns.js";
import { type ExplainOptions, type ExplainSettings, explainOptionsSchema } from "./options.js";
import { writePage } from "./run.js";
import { type ExplainResult, withExplainer } from "./with-explainer.js";

export interface TableExplanation extends ExplainResult {
  rows: number;
  /** Rows without text: their new columns are empty. */
  withoutText: number;
  /** Rows whose text is longer than the model reads: what it read is explained. */
  cut: number;
  /** Names of the new columns, with a suffix where a name was taken. */
  columns: string[];
  /** With `global`: what drives each label over all rows. */
  global?: DrivingTerms[];
  out?: string;
  html?: string;
}

/** Rows that are explained at a time. */
const rowsAtOnce = 256;
const topWords = 5;
/** Rows that a method is measured on, and that a page shows. */
const [rowsMeasured, rowsShown] = [100, 50];

/**
 * Keeps every column of the table and adds each row's explanation: `<label>_words`, JSON with a share for each word and its place
 * in the text, and `<label>_top_words`, those that speak most for the answer. Without `out` the rows go to `output` as CSV, with
 * `global` nowhere. How far the method can be trusted is measured once a model and kept in its folder.
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
  refuseTextOptions(settings);
  const { text: named, out, html, safeCsv, table, query, seed } = settings;
  await checkOutputs({ inputs: [folder, path], outputs: [out, html] });
  return withExplainer(folder, settings, async (explainer, { facts: { textColumns, labelColumn } }) => {
    const text = textColumnsOf(named, { textColumns }, path);
    const tally = settings.global ? tallyDrivingWords(seed) : undefined;
    const sample = sampleOf<Explanation>(rowsMeasured, seed);
    const shown: Explanation[] = [];
    let [withText, cut] = [0, 0];
    const explainRows = async (texts: string[], tell: (done: number) => void): Promise<NewValues[]> => {
      const [words, top]: [string[], string[][]] = [[], []];
      for (let at = 0; at < texts.length; at += rowsAtOnce) {
        const found = await explainer.explain(texts.slice(at, at + rowsAtOnce), { signal: watch.signal });
        tally?.add(found);
        for (const one of found) {
          if (one.read < one.words.length) cut++;
          if (html !== undefined && shown.length < rowsShown) shown.push(one);
          sample.offer(one);
          words.push(JSON.stringify(one.words));
          top.push(strongest(one));
        }
        tell(words.length);
      }
      withText += texts.length;
      return [words, top];
    };
    const written = await withTable({ path, table, query }, watch, async (opened) => {
      if (named === undefined && (hasRows(opened) || opened.columns.length > 0)) checkModelColumns(opened, text);
      const columns: NewColumn[] = [
        { name: `${labelColumn}_words`, type: "VARCHAR", writtenAs: "JSON" },
        { name: `${labelColumn}_top_words`, type: "VARCHAR[]", separator: " " },
      ];
      const values = forTexts(columns.length, (texts, rows, tell) =>
        explainRows(texts, (done) => tell(rows[done - 1] + 1)),
      );
      const target = settings.global && out === undefined ? nowhere() : output;
      return addColumns(opened, { text, columns, values, stage: "explaining", out, output: target, safeCsv }, watch);
    });
    const trust = await trustOf(folder, explainer, settings, sample.kept, watch);
    const { method, how, unit } = explainer;
    const result: TableExplanation = {
      ...{
        method,
        how,
        unit,
        rows: written.rows,
        withoutText: written.rows - withText,
        cut,
        columns: written.names,
        out,
      },
      ...(trust && { trust }),
      ...(tally && { global: tally.terms() }),
    };
    if (html === undefined) return result;
    writePage(html, renderExplanations({ ...result, model: folder, source: path, explanations: shown }));
    return { ...result, html };
  });
}

function refuseTextOptions({ change, nearest }: ExplainSettings): void {
  const wrong = change ? "change" : nearest !== undefined ? "nearest" : undefined;
  if (wrong === undefined) return;
  throw new UserError(`${option(wrong)} is for one text, not for a table. Omit it, or specify a text.`);
}

/** The words that speak most for the answer, as the text has them. */
function strongest({ words }: Explanation): string[] {
  return words
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, topWords)
    .map(({ word }) => word);
}

const fewestKept = 30;

/** Kept, or measured on these rows where they are explained by their own answers. */
async function trustOf(
  folder: string,
  { method, model, names }: OpenExplainer,
  { label, against, seed, steps }: ExplainSettings,
  explanations: readonly Explanation[],
  watch: WorkflowWatch,
): Promise<Trust | undefined> {
  const kept = readTrust(folder, method);
  if (kept || label !== undefined || against !== undefined) return kept;
  const rows = explanations.map(({ text, words, read, target }) => ({
    ...{ text, words, read, target: { of: names.indexOf(target) } },
    shares: Float64Array.from(words, ({ share }) => share),
  }));
  const trust = await measureTrust(model, method, rows, seed, watch);
  // Of few rows, or of a coarser method, it is told but not kept for other tables.
  if (!trust || trust.rows < fewestKept || steps !== undefined) return trust;
  try {
    await keepTrust(folder, method, trust);
  } catch (error) {
    watch.onMessage?.(`How far the method can be trusted is not kept in ${folder}: ${(error as Error).message}`);
  }
  return trust;
}

/** Each of what is offered has the same chance to be kept: J. Vitter 1985, algorithm R. */
function sampleOf<Item>(count: number, seed: number): { kept: Item[]; offer(item: Item): void } {
  const random = createRandom(seed);
  const kept: Item[] = [];
  let offered = 0;
  return {
    kept,
    offer(item) {
      const place = offered++ < count ? offered - 1 : random.integer(offered);
      if (place < count) kept[place] = item;
    },
  };
}

function nowhere(): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
}
