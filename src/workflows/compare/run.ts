// Models compared on the same rows of a table: figures, differences with their intervals, and what can be said. Knows no task.
import { availableParallelism } from "node:os";
import { writeFileWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { checkParent, writeFault } from "../../base/outputs.js";
import { filePlaceOf } from "../../base/place.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { openFolder } from "../../folders/index.js";
import { comparePaired, type Interval, type PairedModel } from "../../metrics/index.js";
import { renderComparisonPage } from "../../report/comparison-page.js";
import { checkOutputs } from "../../tables/index.js";
import {
  type LabelledTable,
  leftOutMessage,
  type Measure,
  type OpenTextModel,
  openTextModel,
  predictTexts,
  readLabelled,
} from "../../tasks/index.js";
import { clustersOf, groupWarning, resamplesFor } from "../../tasks/intervals.js";
import { measureOf } from "../../tasks/measure-of.js";
import { seenRows } from "../../tasks/seen-rows.js";
import { withTable } from "../add-columns.js";
import { checkModelColumns } from "../model-columns.js";
import { type CompareOptions, compareOptionsSchema } from "./options.js";
import { sentenceOf } from "./sentences.js";

export interface ComparedModelResult {
  /** The folder, as the user named it. */
  model: string;
  family: string;
  value: number;
  /** 95 %. */
  interval: Interval;
}

/** Two models: the first one is at least as good. */
export interface ModelDifference {
  better: string;
  worse: string;
  /** By how much it is better: from 0, also where less is better. */
  difference: number;
  /** 95 %, by the paired bootstrap. */
  interval: Interval;
  test: "mcnemar" | "bootstrap";
  /** Of such a difference by chance, corrected for the number of pairs (Holm). */
  probability: number;
  /** That is below 0.05. */
  isShown: boolean;
  /** The smallest difference that these rows can show between two models that differ as these do. */
  smallest: number;
  /** In words. */
  sentence: string;
}

export interface CompareResult {
  task: string;
  labelColumn: string;
  source: string;
  rows: number;
  metric: Measure;
  /** Column of what rows have in common. */
  group?: string;
  /** Best first. */
  models: ComparedModelResult[];
  pairs: ModelDifference[];
  warnings: string[];
  out?: string;
}

const level = 0.05;
/** Resamples for each pair, so that a small probability survives its correction. */
const resamplesForPair = 200;

/**
 * All models answer the same rows; resamples are the same for all of them.
 *
 * @param folders of models of one task and with the same labels
 * @throws UserError for models that cannot be compared, or a wrong table, column or metric; CancelledError after an abort
 * @example
 * const { pairs } = await compareModels(["linear", "lstm"], "new-reviews.csv");
 * pairs[0].sentence; // "lstm beats linear by 1.2 points (0.3 to 2.1)."
 */
export async function compareModels(
  folders: readonly string[],
  path: string,
  options: CompareOptions = {},
  watch: WorkflowWatch = {},
): Promise<CompareResult> {
  const settings = compareOptionsSchema.parse(options);
  const { label, group, out, seed, table, query } = settings;
  if (folders.length < 2)
    throw new UserError(
      "A comparison needs at least two models and a table: columnist compare <model> <model> <table>.",
    );
  const twice = folders.find((folder, i) => folders.indexOf(folder) !== i);
  if (twice !== undefined) throw new UserError(`'${twice}' is named twice. Specify different models.`);
  await checkOutputs({ inputs: [...folders, path], outputs: [out] });
  if (out !== undefined) checkParent(out);
  const threads = settings.threads ?? availableParallelism();

  const warnings: string[] = [];
  const warn = (message: string | undefined) => {
    if (message === undefined || warnings.includes(message)) return;
    warnings.push(message);
    watch.onMessage?.(message);
  };
  const columnsOf = new Map(
    folders.map((folder) => [folder, settings.text ?? openFolder(folder, "text-model").facts.textColumns]),
  );
  let read: LabelledTable | undefined;
  let first: (Pick<OpenTextModel, "task" | "taskName" | "space"> & { column: string; metric: Measure }) | undefined;
  let strata: Int32Array | undefined;
  const measured: (PairedModel & { family: string })[] = [];
  // One after another: the memory is that of one model.
  for (const folder of folders) {
    const open = await openTextModel(folder, { threads });
    try {
      const { task, taskName, space, facts, model } = open;
      if (!first) {
        const metric = settings.metric === undefined ? task.measures[0] : measureOf(task, settings.metric);
        first = { task, taskName, space, column: label ?? facts.labelColumn, metric };
      }
      checkComparable(first, open, folders[0], folder, label);
      read ??= await withTable({ path, table, query }, watch, (opened) => {
        const text = [...new Set([...columnsOf.values()].flat())];
        if (settings.text === undefined) checkModelColumns(opened, text);
        // A text that is read twice would take twice the memory.
        const parts = readAlike([...columnsOf.values()]) ? [] : text;
        const others = [...parts, ...(group === undefined ? [] : [group])];
        return readLabelled(task, opened, path, { text, label: first!.column, others: [...new Set(others)] });
      });
      warn(leftOutMessage(read));
      const texts = textsOf(read, columnsOf.get(folder)!, [...columnsOf.values()]);
      for (const message of task.unknownLabels(read.labels, space)) warn(message);
      const seen = seenRows(folder);
      seen?.look(texts);
      const known = seen?.message();
      if (known) warn(`'${folder}': ${known} Its figures are better than they would be on new rows.`);
      const answers = await predictTexts(model, texts, `${folder}: predicting`, watch);
      if (first.metric.isOverLabels) strata ??= task.strataOf?.(read.labels, space);
      measured.push({
        family: facts.family,
        figure: task.measure(first.metric.name, read.labels, answers, space),
        ...(first.metric.isOfErrors && first.metric.isShare && { errors: task.errors(read.labels, answers, space) }),
      });
    } finally {
      await open.model.close();
    }
  }
  const { metric, taskName, column } = first!;
  const { texts, source, others } = read!;
  const rows = texts.length;
  const pairCount = (measured.length * (measured.length - 1)) / 2;
  const wanted = Math.max(1000, resamplesForPair * pairCount);
  const clusters = group === undefined ? undefined : clustersOf(others[group]);
  if (clusters) warn(groupWarning(group!, clusters));
  const sampling = {
    seed,
    resamples: Math.min(wanted, Math.ceil((wanted / 1000) * resamplesFor(rows * measured.length))),
    ...(clusters ? { clusters } : { strata }),
  };
  watch.onProgress?.({ stage: "comparing", done: 0, total: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  const found = comparePaired(rows, measured, sampling);
  const undefinedAt = found.models.findIndex(({ value }) => !Number.isFinite(value));
  if (undefinedAt >= 0)
    throw new UserError(
      `${metric.title} of '${folders[undefinedAt]}' is not defined on ${source}. Choose another ${option("metric")}, or a table ` +
        "with rows of several labels.",
    );
  const sign = metric.higherIsBetter === false ? -1 : 1;
  const models = folders
    .map((model, i) => ({ model, family: measured[i].family, ...found.models[i] }))
    .sort((a, b) => sign * (b.value - a.value));
  const pairs = found.pairs.map((pair): ModelDifference => {
    const isFirst = sign * pair.difference >= 0;
    const [better, worse] = isFirst ? [pair.first, pair.second] : [pair.second, pair.first];
    const flip = isFirst ? sign : -sign;
    const ends = [flip * pair.interval.low, flip * pair.interval.high].sort((a, b) => a - b);
    const told = {
      better: folders[better],
      worse: folders[worse],
      difference: Math.abs(pair.difference),
      interval: { low: ends[0], high: ends[1] },
      test: pair.test,
      probability: pair.corrected,
      isShown: pair.corrected < level,
      smallest: pair.smallest,
    };
    return { ...told, sentence: sentenceOf(told, metric, rows) };
  });
  const rank = new Map(models.map(({ model }, i) => [model, i]));
  pairs.sort((a, b) => rank.get(a.better)! - rank.get(b.better)! || rank.get(a.worse)! - rank.get(b.worse)!);
  const result: CompareResult = {
    task: taskName,
    labelColumn: column,
    source,
    rows,
    metric,
    ...(group !== undefined && { group }),
    models,
    pairs,
    warnings,
    ...(out !== undefined && { out }),
  };
  if (out !== undefined)
    try {
      writeFileWhole(filePlaceOf(out), renderComparisonPage(result));
    } catch (error) {
      throw writeFault(error, out);
    }
  return result;
}

function readAlike([first, ...others]: readonly (readonly string[])[]): boolean {
  return others.every((columns) => JSON.stringify(columns) === JSON.stringify(first));
}

/** Of models that read other columns: each gets its own ones of the rows that have any. */
function textsOf(read: LabelledTable, own: readonly string[], all: readonly (readonly string[])[]): readonly string[] {
  if (readAlike(all)) return read.texts;
  return read.texts.map((_, row) =>
    own
      .map((name) => read.others[name][row])
      .filter((value) => value)
      .join("\n"),
  );
}

/** @param asked as in macroF1 or macro-f1 */
function checkComparable(
  first: Pick<OpenTextModel, "taskName" | "space" | "task"> & { column: string },
  { task, taskName, space, facts }: OpenTextModel,
  firstFolder: string,
  folder: string,
  label: string | undefined,
): void {
  if (taskName !== first.taskName)
    throw new UserError(
      `'${firstFolder}' is ${first.task.noun} and '${folder}' is ${task.noun}: only models of one task can be compared.`,
    );
  if (label === undefined && facts.labelColumn !== first.column)
    throw new UserError(
      `'${firstFolder}' predicts '${first.column}' and '${folder}' predicts '${facts.labelColumn}'. If both mean the same, ` +
        `specify the column with the true labels with ${option("label")}.`,
    );
  const difference = task.difference(first.space, space);
  if (difference === undefined) return;
  throw new UserError(
    `'${folder}' does not have the labels of '${firstFolder}': ${difference}. Only models with the same labels can be ` +
      "compared; train both on the same table.",
  );
}
