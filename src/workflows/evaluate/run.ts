// Measures a trained model on a table. Knows no task.
import { availableParallelism } from "node:os";
import type { WorkflowWatch } from "../../base/watch.js";
import { type Evaluation, serveTableModel } from "../../tasks/index.js";
import { withTable } from "../add-columns.js";
import { checkModelColumns } from "../model-columns.js";
import { textColumnsOf } from "../text-columns.js";
import { type EvaluateTableOptions, evaluateOptionsSchema } from "./options.js";

export interface EvaluateResult extends Evaluation {
  task: string;
  family: string;
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
  const { text: named, label, by, precision, threads, table, query } = evaluateOptionsSchema.parse(options);
  const model = await serveTableModel(folder, threads ?? availableParallelism(), precision);
  try {
    const text = textColumnsOf(named, model, path);
    const evaluation = await withTable({ path, table, query }, watch, (opened) => {
      if (named === undefined) checkModelColumns(opened, text);
      return model.evaluate(opened, { path, text, label, by }, watch);
    });
    return { task: model.task, family: model.family, ...evaluation };
  } finally {
    await model.close();
  }
}
