// Why a model answers one text as it does.
import { existsSync, statSync } from "node:fs";
import { writeFileWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { writeFault } from "../../base/outputs.js";
import type { WorkflowWatch } from "../../base/watch.js";
import {
  type Explanation,
  type OpenExplainer,
  readTrust,
  renderExplanations,
  smallestChange,
} from "../../explain/index.js";
import { checkOutputs } from "../../tables/index.js";
import type { OpenTextModel } from "../../tasks/index.js";
import { findNearest, type NearestRows } from "./nearest.js";
import { type ExplainOptions, explainOptionsSchema } from "./options.js";
import { type ExplainResult, withExplainer } from "./with-explainer.js";

export interface TextExplanation extends ExplainResult {
  explanation: Explanation;
  /** With `change`: the fewest words that were found whose absence turns the answer; null where none were. */
  change?: SmallestChange | null;
  /** With `nearest`: rows that are most like the text to the model. */
  nearest?: NearestRows;
  html?: string;
}

export interface SmallestChange {
  words: { word: string; start: number; end: number }[];
  /** Without them. */
  text: string;
  /** To it, as the task says it. */
  answer: object;
}

/** Whether what a user wants explained is a table: a file, a pattern of files, or standard input. */
export function isTable(input: string): boolean {
  if (existsSync(input)) return !statSync(input).isDirectory();
  return input === "-" || /^\S+\.(csv|tsv|txt|jsonl|ndjson|json|parquet|duckdb|db)(\.gz)?$/i.test(input);
}

/** Where the rows that are compared stand. */
const ofNearest = new Set(["text", "table", "query"]);

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
  for (const name of ["out", "text", "table", "query", "safeCsv", "global"] as const)
    if (settings[name] && !(settings.nearest !== undefined && ofNearest.has(name)))
      throw new UserError(
        `${option(name)} is for tables, but '${text.slice(0, 40)}' is no file: it would be explained as a text. Omit it.`,
      );
  await checkOutputs({ inputs: [folder, settings.nearest], outputs: [settings.html] });
  return withExplainer(folder, settings, async (explainer, opened) => {
    const quiet = { signal: watch.signal };
    const [explanation] = await explainer.explain([text], quiet);
    if (explanation.words.length === 0)
      throw new UserError("The text has no words to explain. Specify a text with words, or a table.");
    for (const note of notesOn(explanation)) watch.onMessage?.(note);
    const { method, how, unit } = explainer;
    const trust = readTrust(folder, method);
    const change = settings.change ? await changeOf(explainer, opened, explanation, quiet) : undefined;
    const near = settings.nearest === undefined ? undefined : await findNearest(opened, explanation, settings, watch);
    const result: TextExplanation = {
      ...{ method, how, unit, explanation },
      ...(trust && { trust }),
      ...(change !== undefined && { change }),
      ...(near && { nearest: near }),
    };
    if (settings.html === undefined) return result;
    writePage(settings.html, renderExplanations({ ...result, model: folder, explanations: [explanation] }));
    return { ...result, html: settings.html };
  });
}

/** @throws UserError where nothing can be written there */
export function writePage(path: string, page: string): void {
  try {
    writeFileWhole(path, page);
  } catch (error) {
    throw writeFault(error, path);
  }
}

/** What to know of an explanation that did not see everything. */
function notesOn({ words, read, isUnknown }: Explanation): string[] {
  const notes: string[] = [];
  if (read < words.length)
    notes.push(`The model reads the first ${read} of the text's ${words.length} words: the others have no share.`);
  if (isUnknown) notes.push("The model knows none of the words: its answer is that to any text of unknown words.");
  return notes;
}

async function changeOf(
  { model, targetsOf }: OpenExplainer,
  { task, space }: OpenTextModel,
  { text, words, read }: Explanation,
  watch: WorkflowWatch,
): Promise<SmallestChange | null> {
  if (task.form.activation === "linear")
    throw new UserError(`A number has no other answer to turn to: omit ${option("change")}.`);
  const answer = await model.model.predict([text]);
  const [target] = targetsOf(answer);
  const said = (own: Float32Array) => {
    const { label, labels } = task.answers(own, space)[0] as { label?: string; labels?: string[] };
    return JSON.stringify(label ?? labels);
  };
  const before = said(answer);
  const found = await smallestChange(model, { text, words, read, target }, (own) => said(own) !== before, watch);
  if (!found) return null;
  return {
    words: found.left.map((word) => ({ word: words[word].word, start: words[word].start, end: words[word].end })),
    text: found.text,
    answer: task.answers(found.answer, space)[0],
  };
}
