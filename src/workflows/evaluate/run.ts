// Measures a trained model on a table. Knows no task.
import { availableParallelism } from "node:os";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { bareName } from "../../tables/index.js";
import { type Evaluation, type RowDecider, serveTableModel } from "../../tasks/index.js";
import { withTable } from "../add-columns.js";
import { checkDecision, decideOn, decisionOf } from "../decision-options.js";
import { checkModelColumns } from "../model-columns.js";
import { textColumnsOf } from "../text-columns.js";
import { divisionsOf } from "./divisions.js";
import { type EvaluateTableOptions, evaluateOptionsSchema } from "./options.js";
import { findWeakSlices, type SliceSearch } from "./weak-slices.js";

/** That are looked at for slices. */
const mostColumns = 100;

export interface EvaluateResult extends Evaluation {
  task: string;
  family: string;
  /** With `slices`: where the model is worse than elsewhere by more than chance. */
  weak?: SliceSearch & { examples: string[][] };
}

/**
 * A text model by the true labels; a language model by the texts alone, in bits per byte and perplexity.
 *
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
  const settings = evaluateOptionsSchema.parse(options);
  const { text: named, label, by, group, slices, keep, table, query } = settings;
  const threads = settings.threads ?? availableParallelism();
  const decision = decisionOf(settings);
  if (keep && !decision)
    throw new UserError(
      `${option("keep")} needs a threshold to keep: add ${option("abstain")}, ${option("cost")}, ${option("minPrecision")} or ${option("minRecall")}.`,
    );
  const decide: RowDecider | undefined =
    decision &&
    ((task, labels, answers, space) => {
      checkDecision(task, space, decision);
      return { ...decideOn(task, labels, answers, space, decision, 0), keep };
    });
  const model = await serveTableModel(folder, threads, settings.precision);
  try {
    const text = textColumnsOf(named, model, path);
    const evaluation = await withTable({ path, table, query }, watch, (opened) => {
      if (named === undefined) checkModelColumns(opened, text);
      const used = new Set([...text, ...(label === undefined ? [] : [label])].map(bareName));
      const others = opened.columns.filter(
        ({ name, type }) => name !== "" && type !== "BLOB" && !used.has(bareName(name)),
      );
      const withRows = slices ? others.slice(0, mostColumns).map(({ name }) => name) : undefined;
      return model.evaluate(opened, { path, text, label, by, group, withRows, decide }, watch);
    });
    const { rows, ...measured } = evaluation;
    const result: EvaluateResult = { task: model.task, family: model.family, ...measured };
    if (!rows) return result;
    const ofLabel = bareName(measured.labelColumn ?? "");
    const columns = Object.entries(rows.columns).filter(([name]) => bareName(name) !== ofLabel);
    const divisions = await divisionsOf(rows.texts, Object.fromEntries(columns), { seed: 0, threads }, watch);
    const weak = findWeakSlices(rows.errors, divisions);
    const examples = weak.slices.map(({ examples: own }) => own.map((row) => rows.texts[row]));
    return { ...result, weak: { ...weak, examples } };
  } finally {
    await model.close();
  }
}
