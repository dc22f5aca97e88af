// Measures a trained model on a table with true labels.
import { availableParallelism } from "node:os";
import type { WorkflowWatch } from "../../base/watch.js";
import type { Figure } from "../../report/figure.js";
import {
  type GroupScores,
  leftOutMessage,
  openTextModel,
  predictTexts,
  type ResultTable,
  readLabelled,
  scoreGroups,
} from "../../tasks/index.js";
import { withTable } from "../add-columns.js";
import { checkModelColumns } from "../model-columns.js";
import { seenRows } from "../seen-rows.js";
import { type EvaluateTableOptions, evaluateOptionsSchema } from "./options.js";

export interface EvaluateResult {
  task: string;
  family: string;
  labelColumn: string;
  source: string;
  /** One sentence. */
  summary: string;
  /** The most telling one first. */
  figures: Figure[];
  /** Everything that was measured; what it holds is the task's. */
  scores: object;
  /** The answers furthest from the truth. */
  mistakes: object[];
  /** For people. */
  tables: ResultTable[];
  /** With `by`: the figures for each value of that column, the largest group first. */
  groups?: GroupScores[];
  warnings: string[];
}

const mostMistakes = 5;

/**
 * @throws UserError for a wrong folder, table or column
 * @example
 * const { figures } = await evaluateModel("model", "new-reviews.csv");
 */
export async function evaluateModel(
  folder: string,
  path: string,
  options: EvaluateTableOptions = {},
  watch: WorkflowWatch = {},
): Promise<EvaluateResult> {
  const { label, by, threads, table, query } = evaluateOptionsSchema.parse(options);
  const { task, taskName, space, facts, model } = await openTextModel(folder, {
    threads: threads ?? availableParallelism(),
  });
  try {
    const labelColumn = label ?? facts.labelColumn;
    const columns = { text: facts.textColumns, label: labelColumn, others: by === undefined ? [] : [by] };
    const read = await withTable({ path, table, query }, watch, (opened) => {
      checkModelColumns(opened, facts.textColumns);
      return readLabelled(task, opened, path, columns);
    });
    const warnings = task.unknownLabels(read.labels, space);
    const leftOut = leftOutMessage(read);
    if (leftOut) warnings.unshift(leftOut);
    const seen = seenRows(folder);
    seen?.look(read.texts);
    const known = seen?.message();
    if (known) warnings.unshift(`${known} The figures are better than they would be on new rows.`);
    for (const warning of warnings) watch.onMessage?.(warning);
    const answers = await predictTexts(model, read.texts, "measuring", watch);
    const scores = task.score(read.labels, answers, space, facts.options.seed);
    const figuresOf = (rows: readonly number[]) =>
      task.groupFigures(
        rows.map((row) => read.labels[row]),
        rowsOfAnswers(answers, model.width, rows),
        space,
      );
    return {
      task: taskName,
      family: facts.family,
      labelColumn,
      source: read.source,
      summary: task.summary(scores),
      figures: task.figures(scores),
      scores: scores as object,
      mistakes: task.mistakes(read.texts, read.labels, answers, space, mostMistakes),
      tables: task.tables(scores),
      warnings,
      ...(by !== undefined && { groups: scoreGroups(read.others[by], figuresOf) }),
    };
  } finally {
    await model.close();
  }
}

function rowsOfAnswers(answers: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const own = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) own.set(answers.subarray(row * width, (row + 1) * width), i * width);
  return own;
}
