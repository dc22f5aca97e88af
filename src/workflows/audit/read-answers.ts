// The rows of a table as an audit looks at them: what a model answers, the truth where the table has it, and columns of groups.

import type { AuditedAnswers, LabelAnswers } from "../../audit/index.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { didYouMean } from "../../base/suggest.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { bareName, hasColumn, readTextAndLabels, type Table } from "../../tables/index.js";
import { type LabelValue, leftOutMessage, type OpenTextModel, predictTexts, readLabelled } from "../../tasks/index.js";
import type { AuditSettings } from "./options.js";

export interface AuditedRows {
  texts: readonly string[];
  answers: AuditedAnswers;
  /** Values by column. */
  columns: Readonly<Record<string, readonly (string | null)[]>>;
  warnings: string[];
}

/** @throws UserError for a wrong column or label */
export async function readAnswers(
  open: OpenTextModel,
  table: Table,
  path: string,
  text: readonly string[],
  { group, label, positive }: Pick<AuditSettings, "group" | "label" | "positive">,
  watch: WorkflowWatch,
): Promise<AuditedRows> {
  const { task, space, facts, model } = open;
  const warnings: string[] = [];
  const truthColumn = label ?? (hasColumn(table, facts.labelColumn) ? facts.labelColumn : undefined);
  const others = [...new Set(group)];
  const own = others.find((name) => truthColumn !== undefined && bareName(name) === bareName(truthColumn));
  if (own !== undefined)
    throw new UserError(
      `'${own}' has the true labels, so its groups differ by what is to be predicted. Choose another ${option("group")} column.`,
    );
  let texts: readonly string[];
  let labels: readonly LabelValue[] | undefined;
  let columns: AuditedRows["columns"];
  if (truthColumn === undefined) {
    const read = await readTextAndLabels(table, { text, others });
    [texts, columns] = [read.texts, read.others];
    if (read.skippedEmptyText > 0) warnings.push(`${path}: ${read.skippedEmptyText} rows without text were left out.`);
    const figures = task.selected ? "selection rates" : "mean predictions";
    warnings.push(
      `${table.description} has no column '${facts.labelColumn}' with the truth: only ${figures} can be compared. Specify one ` +
        `with ${option("label")}.`,
    );
  } else {
    const read = await readLabelled(task, table, path, { text, label: truthColumn, others });
    [texts, labels, columns] = [read.texts, read.labels, read.others];
    const leftOut = leftOutMessage(read);
    if (leftOut) warnings.push(leftOut);
    warnings.push(...task.unknownLabels(labels, space));
  }
  const given = await predictTexts(model, texts, "predicting", watch);
  return { texts, answers: auditedAnswers(open, given, labels, positive), columns, warnings };
}

/** @param labels the truth @param positive the label that is looked at */
export function auditedAnswers(
  { task, space, facts }: Pick<OpenTextModel, "task" | "space" | "facts">,
  given: Float32Array,
  labels: readonly LabelValue[] | undefined,
  positive: string | undefined,
): AuditedAnswers {
  if (!task.selected) {
    if (positive !== undefined)
      throw new UserError(`${option("positive")} names a label, but '${facts.labelColumn}' is a number. Omit it.`);
    const [values] = task.values(given, space, false);
    const truth = labels && Float64Array.from(task.targets(labels, space).values);
    return { kind: "numbers", values: Float64Array.from(values as ArrayLike<number>), ...(truth && { truth }) };
  }
  const names = task.answerNames(facts.labelColumn, space);
  const selected = task.selected(given, space);
  const truth = labels && marksOf(task.targets(labels, space), names.length);
  const right = labels && Uint8Array.from(task.errors(labels, given, space), (error) => (error === 0 ? 1 : 0));
  const all: LabelAnswers = { kind: "labels", labels: names, selected, probabilities: given, truth, right };
  const places =
    positive === undefined ? defaultLabels(all, task.targets([], space).width === 1) : [placeOf(names, positive)];
  return places.length === names.length ? all : onlyLabels(all, places);
}

/** One of two labels says all of both: the rarer one. */
function defaultLabels({ labels, truth, selected }: LabelAnswers, isOne: boolean): number[] {
  if (!isOne || labels.length !== 2) return [...labels.keys()];
  const marks = truth ?? selected;
  let [first, second] = [0, 0];
  for (let at = 0; at < marks.length; at += 2) {
    first += marks[at];
    second += marks[at + 1];
  }
  return [first < second ? 0 : 1];
}

function placeOf(labels: readonly string[], positive: string): number {
  const place = labels.indexOf(positive);
  if (place >= 0) return place;
  const bare = labels.findIndex((label) => bareName(label) === bareName(positive));
  if (bare >= 0) return bare;
  const some = labels.slice(0, 20).join(", ");
  throw new UserError(
    `The model has no label '${positive}' for ${option("positive")}; its labels are ${some}${labels.length > 20 ? ", …" : ""}.` +
      didYouMean(positive, labels),
  );
}

function onlyLabels(all: LabelAnswers, places: readonly number[]): LabelAnswers {
  const width = all.labels.length;
  const taken = <Values extends Uint8Array | Float32Array>(values: Values): Values => {
    const own = values.slice(0, (values.length / width) * places.length) as Values;
    for (let row = 0; row < values.length / width; row++)
      for (const [i, place] of places.entries()) own[row * places.length + i] = values[row * width + place];
    return own;
  };
  return {
    ...all,
    labels: places.map((place) => all.labels[place]),
    selected: taken(all.selected),
    probabilities: taken(all.probabilities),
    ...(all.truth && { truth: taken(all.truth) }),
  };
}

/** Classes as a mark for each label; sets of labels are marks already. */
function marksOf({ width, values }: { width: number; values: ArrayLike<number> }, labels: number): Uint8Array {
  if (width === labels) return Uint8Array.from(values);
  const marks = new Uint8Array(values.length * labels);
  for (let row = 0; row < values.length; row++) if (values[row] >= 0) marks[row * labels + values[row]] = 1;
  return marks;
}
