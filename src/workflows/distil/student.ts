// A small model that learns what a large one answers: texts without labels in, the large one's probabilities as targets (Hinton,
// Vinyals, Dean 2015, "Distilling the Knowledge in a Neural Network"). Knows no task and no family.
import { availableParallelism } from "node:os";
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { mixSeed } from "../../base/random.js";
import { type WorkflowWatch, watchFor } from "../../base/watch.js";
import { checkFolderOut, openFolder, originOf } from "../../folders/index.js";
import { takeTargets } from "../../networks/index.js";
import type { Figure } from "../../report/figure.js";
import { checkOutputs, countRows, streamTexts, type Table } from "../../tables/index.js";
import {
  type Comparison,
  type LabelledTable,
  type LabelValue,
  type OpenTextModel,
  openTextModel,
  predictTexts,
  rowsOf,
  type SplitRows,
  splitRows,
  type TaskName,
  type TextModel,
  textKey,
} from "../../tasks/index.js";
import { withTable } from "../add-columns.js";
import { type CompareResult, compareModels } from "../compare/run.js";
import { checkModelColumns } from "../model-columns.js";
import { textColumnsOf } from "../text-columns.js";
import { modelResult } from "../train/train-family.js";
import { rowCounts, writeTrained } from "../train/write-trained.js";
import { type StudentOptions, studentOptionsSchema } from "./student-options.js";

/** What a model costs. */
export interface ModelCost {
  parameters: number;
  /** Of the folder. */
  bytes: number;
  /** Texts answered in a second, on the same threads. */
  rowsPerSecond: number;
}

export interface StudentResult {
  folder: string;
  task: TaskName;
  teacher: string;
  family: string;
  rows: Pick<Comparison["rows"], "training" | "validation" | "heldOut">;
  /** Of the student on held-out rows, where what the teacher answers is the truth. */
  agreement: Figure[];
  costs: { teacher: ModelCost; student: ModelCost };
  /** With `test`: the two on labelled rows. */
  compared?: CompareResult;
}

/** Texts by which speed is measured. */
const timedTexts = 1000;

/**
 * The teacher answers all texts of the table; a model of another family learns these answers: probabilities as they are, where the family
 * can. A fifth of the texts is held out to measure how often the two agree.
 *
 * @param teacher - a model folder
 * @param path - a table; labels are not read
 * @throws UserError for a wrong folder, table or target; CancelledError after an abort, with nothing written
 * @example
 * const { agreement, costs } = await distilModel("model", "unlabelled.csv", { to: "linear", out: "student" });
 */
export async function distilModel(
  teacher: string,
  path: string,
  options: StudentOptions = {},
  watch: WorkflowWatch = {},
): Promise<StudentResult> {
  const settings = studentOptionsSchema.parse(options);
  const { to: family, test, seed, out, overwrite, table, query } = settings;
  const origin = originOf(
    { path: teacher },
    { path, table, query, to: family, ...(path === "-" && { at: Date.now() }) },
  );
  checkFolderOut(out, "text-model", { origin, overwrite });
  await checkOutputs({ inputs: [teacher, path, test], outputs: [out] });
  const threads = settings.threads ?? availableParallelism();
  const open = await openTextModel(teacher, { threads });
  try {
    const { task, taskName, facts, model } = open;
    if (facts.family === family)
      throw new UserError(
        `'${teacher}' is a model of the family ${family} already. Choose a smaller or faster one with ${option("to")}.`,
      );
    const text = textColumnsOf(settings.text, facts, path);
    if (test !== undefined)
      await withTable({ path: test }, watch, async (labelled) =>
        checkModelColumns(labelled, [...text, facts.labelColumn]),
      );
    const texts = await withTable({ path, table, query }, watch, (opened) => distinctTexts(opened, text, watch));
    const answers = await predictTexts(model, texts, `${teacher}: predicting`, watch);
    const source = path === "-" ? "standard input" : path;
    const rows = splitAnswered(open, { source, texts, answers }, seed);
    const costOfTeacher = { parameters: model.parameters, bytes: bytesOf(teacher) };
    const teacherSpeed = await rowsPerSecond(model, rows.heldOut.texts);

    const started = performance.now();
    const trained = await (await task.families[family].load()).train(
      rows,
      { seed: mixSeed(seed, 3), threads },
      watchFor(family, watch),
    );
    try {
      if (watch.signal?.aborted) throw new CancelledError("Stopped before the model was trained.");
      const seconds = (performance.now() - started) / 1000;
      const student = trained.model;
      const own = await predictTexts(student, rows.heldOut.texts, `${family}: measuring`, watch);
      const truth = task.targets(rows.labels.validation, rows.space);
      const measured = { ...trained, answers: own, parameters: student.parameters, seconds };
      const judged = { ...rows, validation: { ...rows.validation, targets: truth } };
      const result = modelResult(task, { name: family, family }, judged, measured, seed);
      const space = task.settle(rows.space, trained.validation, truth);
      const studentSpeed = await rowsPerSecond(student, rows.heldOut.texts);
      const counts = { skippedEmptyText: 0, skippedEmptyLabel: 0 };
      const comparison: Comparison = {
        formatVersion: 2,
        task: taskName,
        heldOutSource: `${rows.heldOut.source}; the labels are what '${teacher}' predicts`,
        rows: rowCounts(rows, counts),
        baselines: [...task.baselines(rows.labels.training, rows.heldOut.labels, rows.space)],
        models: [result],
        winner: family,
        family,
        warnings: [
          `The figures say how far the model agrees with '${teacher}', not how often it is right: it learned that model's answers.`,
        ],
      };
      const { labelColumn, labelType } = facts;
      const written = {
        ...{ family, task: taskName, textColumns: [...text], labelColumn, labelType, answers: space, source },
        options: { seed, splitSeed: seed, teacher },
        parameters: student.parameters,
      };
      const files = await student.files();
      const scored = { scores: result.heldOut, answers: own };
      await writeTrained(out, { task, rows, facts: written, comparison, ...scored, files }, origin);
      const { training, validation, heldOut } = comparison.rows;
      const costs = {
        teacher: { ...costOfTeacher, rowsPerSecond: teacherSpeed },
        student: { parameters: student.parameters, bytes: bytesOf(out), rowsPerSecond: studentSpeed },
      };
      const compared =
        test === undefined
          ? undefined
          : await compareModels([teacher, out], test, { text: settings.text, threads }, watch);
      return {
        folder: out,
        task: taskName,
        teacher,
        family,
        rows: { training, validation, heldOut },
        agreement: result.figures,
        costs,
        ...(compared && { compared }),
      };
    } finally {
      await trained.model.close();
    }
  } finally {
    await open.model.close();
  }
}

/** Each text once, as texts count as the same for a split. */
async function distinctTexts(table: Table, text: readonly string[], watch: WorkflowWatch): Promise<string[]> {
  const total = await countRows(table);
  const found = new Map<string, string>();
  let read = 0;
  for await (const batch of streamTexts(table, { text })) {
    if (watch.signal?.aborted) throw new CancelledError("Stopped before the texts were read.");
    for (const one of batch.texts) {
      const key = textKey(one);
      if (key !== "" && !found.has(key)) found.set(key, one);
    }
    read += batch.texts.length;
    watch.onProgress?.({ stage: "reading texts", done: read, total });
  }
  if (found.size === 0)
    throw new UserError(`${table.description} has no text: choose another ${option("text")} column.`);
  return [...found.values()];
}

/** Rows whose labels are the teacher's answers, split as labelled ones are; what is learned are the numbers behind them. */
function splitAnswered(
  { task, space, facts }: OpenTextModel,
  { source, texts, answers }: { source: string; texts: string[]; answers: Float32Array },
  seed: number,
): SplitRows {
  const own = task.decisions?.forget(space) ?? space;
  const [column] = task.values(answers, own, false);
  const labels = Array.from(column as Iterable<number | LabelValue>, (label) =>
    typeof label === "number" ? String(label) : label,
  );
  const table: LabelledTable = {
    source,
    labelColumn: facts.labelColumn,
    texts,
    places: [...texts.keys()],
    labels,
    others: {},
    skippedEmptyText: 0,
    skippedEmptyLabel: 0,
    unfit: { rows: 0, example: "", noun: "" },
  };
  const planned = { ...task, plan: () => ({ space: own, warnings: [] }) };
  const rows = splitRows(planned, table, undefined, seed, { manyLabels: true });
  const targets = { width: task.widthOf(own), values: answers };
  const placeOf = new Map(texts.map((text, place) => [text, place]));
  const softened = ({ texts }: { texts: readonly string[] }) => ({
    texts,
    targets: takeTargets(
      targets,
      texts.map((text) => placeOf.get(text)!),
    ),
  });
  const [training, validation] = [softened(rows.training), softened(rows.validation)];
  if (training.texts.length + validation.texts.length < 2)
    throw new UserError(`${source} has ${rowsOf(texts.length)} with different texts, too few to learn from.`);
  return { ...rows, head: task.head(own, training.targets), training, validation };
}

async function rowsPerSecond(model: TextModel, texts: readonly string[]): Promise<number> {
  const timed = texts.slice(0, timedTexts);
  await model.predict(timed.slice(0, 64));
  const started = performance.now();
  await model.predict(timed);
  return (1000 * timed.length) / (performance.now() - started);
}

function bytesOf(folder: string): number {
  return Object.values(openFolder(folder, "text-model").facts.files).reduce((sum, { bytes }) => sum + bytes, 0);
}
