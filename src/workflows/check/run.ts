// What is wrong with a table of texts and labels, before anything is trained on it.
import { existsSync, readFileSync } from "node:fs";
import { writeFileWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { option, spellOptions } from "../../base/option.js";
import { checkParent, writeFault } from "../../base/outputs.js";
import { filePlaceOf } from "../../base/place.js";
import type { WorkflowWatch } from "../../base/watch.js";
import {
  countLabels,
  type Finding,
  findingsMark,
  findProblems,
  renderFindings,
  type SampledColumn,
} from "../../checks/index.js";
import { bareName, checkOutputs, sampleColumns, type Table } from "../../tables/index.js";
import { readLabelled, type TaskName, tasks } from "../../tasks/index.js";
import { withTable } from "../add-columns.js";
import { findTask } from "../train/find-task.js";
import { type CheckOptions, type CheckSettings, checkOptionsSchema } from "./options.js";

export interface CheckResult {
  task: TaskName;
  /** Rows with a text and a label. */
  rows: { training: number; test?: number };
  /** Rows that are not checked, of both tables, since they have no label, or none that the task takes. */
  withoutLabel: number;
  /** Rows of the training table with each label, the most frequent first; of a regression, by fifths of its numbers. */
  labels: { label: string; rows: number }[];
  /** What may cost most first. */
  findings: Finding[];
  seconds: number;
  /** The page, where one was written. */
  html?: string;
}

/** Rows whose other columns are looked at. */
const mostSampled = 30_000;
/** More columns are those of a matrix, not of a table that people fill in. */
const mostColumns = 200;

/**
 * Looks for what spoils a score or a model: copies between training and test rows, labels that stand in the text or in another
 * column, the same text with different labels, an order of the rows, other languages and more.
 *
 * @throws UserError for a wrong table or column; CancelledError after an abort
 * @example
 * const { findings } = await checkTable("reviews.csv", { text: ["review"], label: "stars" });
 * findings.map(({ kind, rows }) => `${kind}: ${rows}`);
 */
export async function checkTable(path: string, options: CheckOptions, watch: WorkflowWatch = {}): Promise<CheckResult> {
  const settings = checkOptionsSchema.parse(options);
  const { text, label, table, query, test, seed, html } = settings;
  if (path === "-" && test === "-") throw new UserError("Only one of the two tables can be standard input.");
  await checkOutputs({ inputs: [path, test], outputs: [settings.html] });
  if (html !== undefined) checkPage(html);
  const started = performance.now();
  watch.onProgress?.({ stage: "reading the table", done: 0, total: 1 });
  const { taskName, training, sampled } = await withTable({ path, table, query }, watch, async (opened) => {
    const taskName = await findTask(opened, settings);
    const training = await readLabelled(await tasks[taskName].load(), opened, path, { text, label });
    return { taskName, training, sampled: await readOthers(opened, settings) };
  });
  const task = await tasks[taskName].load();
  const readTest = (opened: Table) => readLabelled(task, opened, test as string, { text, label });
  const testRead = test === undefined ? undefined : await withTable({ path: test }, watch, readTest);

  const findings: Finding[] = [];
  const space = plan();
  findings.push(...(await findProblems({ taskName, task, space, training, test: testRead, sampled, seed }, watch)));
  const result: CheckResult = {
    task: taskName,
    rows: { training: training.texts.length, ...(testRead && { test: testRead.texts.length }) },
    withoutLabel: training.skippedEmptyLabel + (testRead?.skippedEmptyLabel ?? 0),
    labels: countLabels(taskName, training.labels, space),
    findings: findings.map((finding) => ({ ...finding, ...spelt(finding) })),
    seconds: (performance.now() - started) / 1000,
    ...(html !== undefined && { html }),
  };
  if (html !== undefined) {
    const page = renderFindings({ source: training.source, test: testRead?.source, ...result });
    try {
      writeFileWhole(filePlaceOf(html), page);
    } catch (error) {
      throw writeFault(error, html);
    }
  }
  return result;

  function spelt({ message, advice }: Finding) {
    const [said, advised] = [message, advice].map((one) => spellOptions(one, watch.spellOption));
    return { message: said, advice: advised };
  }

  /** Labels that cannot be learned are a finding, not an end. */
  function plan(): unknown {
    try {
      return task.plan(training, [...training.texts.keys()], settings).space;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const [what, ...rest] = error.spelled(option).split(/(?<=[.:]) /);
      findings.push({
        kind: "unusable-labels",
        rows: training.texts.length,
        message: what.replace(/[.:]$/, ""),
        examples: [],
        advice: rest.join(" ").replace(/\.$/, "") || "Choose another label column",
        details: {},
      });
      return undefined;
    }
  }
}

/** @throws UserError when the page's file is no page, or would replace a file that is none of ours */
function checkPage(path: string): void {
  if (!/\.html?$/i.test(path))
    throw new UserError(`The findings are written as a web page, so '${path}' must end in .html.`);
  checkParent(path);
  if (!existsSync(path) || readFileSync(path, "utf8").slice(0, 2000).includes(findingsMark)) return;
  throw new UserError(
    `'${path}' exists and is not a page of findings, so it is not replaced. Choose another file with ${option("html")}.`,
  );
}

/** Columns beside texts and label, and of several text columns each for itself. */
async function readOthers(table: Table, { text, label }: CheckSettings) {
  const own = new Set([...(text.length > 1 ? [] : text), label].map(bareName));
  const names = table.columns.map(({ name }) => name).filter((name) => !own.has(bareName(name)) && name.trim() !== "");
  const { places, values } = await sampleColumns(table, names.slice(0, mostColumns), mostSampled);
  const isText = (name: string) => text.some((one) => bareName(one) === bareName(name));
  const columns = values.map((own, c): SampledColumn => ({ name: names[c], isText: isText(names[c]), values: own }));
  return { places, columns };
}
