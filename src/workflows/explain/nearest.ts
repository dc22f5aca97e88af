// Rows of a table that are most like a text to a model, with their labels.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { type Explanation, type NearRow, nearest, similarities } from "../../explain/index.js";
import { type OpenTextModel, readLabelled } from "../../tasks/index.js";
import { withTable } from "../add-columns.js";
import type { ExplainSettings } from "./options.js";

export interface NearestRows {
  /** Of rows with the explained label the most like the text; of numbers of all rows. */
  for: NearRow[];
  /** Of rows without it. */
  against: NearRow[];
}

const rowsTold = 5;

/** @throws UserError where the model has no vector of a text, or the table not its columns */
export async function findNearest(
  { model, task, space, facts }: OpenTextModel,
  { text, target }: Explanation,
  { nearest: path = "", text: named, table, query }: ExplainSettings,
  watch: WorkflowWatch,
): Promise<NearestRows> {
  if (!model.encoder)
    throw new UserError(
      `${option("nearest")} compares what the last layer of a network reads, and a ${model.family} model has none. Use a model ` +
        "of another family.",
    );
  const columns = { text: named ?? facts.textColumns, label: facts.labelColumn };
  const read = await withTable({ path, table, query }, watch, (opened) => readLabelled(task, opened, path, columns));
  const similarity = await similarities(model.encoder, text, read.texts, watch);
  const { width, values } = task.targets(read.labels, space);
  const of = task.answerNames(facts.labelColumn, space).indexOf(target);
  const isNumber = task.form.activation === "linear";
  const isFor = (row: number) => isNumber || (width === 1 ? values[row] === of : values[row * width + of] === 1);
  const told = (row: number): NearRow => ({
    row: read.places[row],
    text: read.texts[row],
    label: [read.labels[row]].flat().join(", "),
    similarity: similarity[row],
  });
  return {
    for: nearest(similarity, rowsTold, isFor).map(told),
    against: nearest(similarity, rowsTold, (row) => !isFor(row)).map(told),
  };
}
