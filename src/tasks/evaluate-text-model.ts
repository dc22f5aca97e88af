// A text model measured on the true labels of a table.
import type { WorkflowWatch } from "../base/watch.js";
import { changeFacts, openFolder } from "../folders/index.js";
import type { Table } from "../tables/index.js";
import { clustersOf, groupWarning } from "./intervals.js";
import type { OpenTextModel } from "./open-text-model.js";
import { predictTexts } from "./predict-texts.js";
import { leftOutMessage, readLabelled } from "./read-labelled.js";
import { scoreGroups } from "./score-groups.js";
import { seenRows } from "./seen-rows.js";
import type { Evaluation, RowsToMeasure } from "./served-model.js";

const mostMistakes = 5;

/** @param folder where the model is, with the fingerprints of its training rows */
export async function evaluateTextModel(
  { task, space, facts, model }: OpenTextModel,
  folder: string,
  table: Table,
  { path, text, label = facts.labelColumn, by, group, withRows, decide }: RowsToMeasure,
  watch: WorkflowWatch = {},
): Promise<Evaluation> {
  const read = await readLabelled(task, table, path, {
    text,
    label,
    others: [...new Set([by, group, ...(withRows ?? [])])].filter((name) => name !== undefined),
  });
  const warnings = task.unknownLabels(read.labels, space);
  const leftOut = leftOutMessage(read);
  if (leftOut) warnings.unshift(leftOut);
  const seen = seenRows(folder);
  seen?.look(read.texts);
  const known = seen?.message();
  if (known) warnings.unshift(`${known} The figures are better than they would be on new rows.`);
  const clusters = group === undefined ? undefined : clustersOf(read.others[group]);
  const rough = clusters && groupWarning(group!, clusters);
  if (rough) warnings.push(rough);
  for (const warning of warnings) watch.onMessage?.(warning);
  const answers = await predictTexts(model, read.texts, "measuring", watch);
  const scores = task.score(read.labels, answers, space, facts.options.seed, clusters);
  const decided = decide?.(task, read.labels, answers, space);
  const decision = decided ? decided.figures : task.decisions?.measure(read.labels, answers, space);
  if (decided?.keep) {
    changeFacts(openFolder(folder, "text-model"), { answers: decided.space });
    watch.onMessage?.(`The threshold is kept in ${folder}.`);
  }
  const figuresOf = (rows: readonly number[]) =>
    task.groupFigures(
      rows.map((row) => read.labels[row]),
      rowsOfAnswers(answers, model.width, rows),
      space,
    );
  return {
    labelColumn: label,
    source: read.source,
    summary: task.summary(scores),
    figures: task.figures(scores),
    ...(withRows && {
      rows: {
        texts: read.texts,
        errors: task.errors(read.labels, answers, space),
        columns: Object.fromEntries(withRows.map((name) => [name, read.others[name]])),
      },
    }),
    ...(decision && { decision }),
    scores: scores as object,
    mistakes: task.mistakes(read.texts, read.labels, answers, space, mostMistakes),
    tables: task.tables(scores),
    warnings,
    ...(by !== undefined && { groups: scoreGroups(read.others[by], figuresOf) }),
  };
}

function rowsOfAnswers(answers: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const own = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) own.set(answers.subarray(row * width, (row + 1) * width), i * width);
  return own;
}
