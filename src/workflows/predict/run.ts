// Answers for every row of a table, as new columns. Rows stream: memory does not grow with the table. Knows no task.
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { checkOutputs, hasRows, readGroups } from "../../tables/index.js";
import { type GroupAnswers, serveTableModel, type TableModel } from "../../tasks/index.js";
import { type Answer, addColumns, forTexts, withTable } from "../add-columns.js";
import { checkModelColumns } from "../model-columns.js";
import { textColumnsOf } from "../text-columns.js";
import { type PredictTableOptions, predictOptionsSchema } from "./options.js";

export interface PredictResult {
  rows: number;
  /** Rows without text: their new columns are empty. */
  withoutText: number;
  /** With a threshold: rows with text that it leaves without an answer. */
  belowThreshold?: number;
  /** Names of the new columns, with a suffix where a name was taken. */
  columns: string[];
  /** With `outOfFold`: rows with the answer of a model that did not learn from them, and others. */
  outOfFold?: { outOfFold: number; predicted: number };
  out?: string;
  /** With `by`: the answers for each value of that column, the largest group first. */
  groups?: GroupAnswers[];
}

/**
 * Keeps every column of the table and adds the answers: for a classifier `<label>`, of the type that the label column had in
 * training, and `<label>_probability`, with `probabilities` also one column for each label; for a language model
 * `log_probability` and `bits_per_byte`. Without `out` the rows go to `output` as CSV.
 *
 * @throws UserError for a wrong folder, table or target; CancelledError after an abort, with nothing written
 * @example
 * await predictTable("model", "new-reviews.csv", { out: "answers.parquet" });
 */
export async function predictTable(
  folder: string,
  path: string,
  options: PredictTableOptions = {},
  watch: WorkflowWatch = {},
  output: Writable = process.stdout,
): Promise<PredictResult> {
  const settings = predictOptionsSchema.parse(options);
  const { text: named, out, probabilities, threshold, outOfFold, by, threads, safeCsv, table, query } = settings;
  await checkOutputs({ inputs: [folder, path], outputs: [out] });
  const served = await serveTableModel(folder, threads ?? availableParallelism(), settings.precision);
  try {
    const known = outOfFold ? outOfFoldOf(served) : undefined;
    const open = known?.model ?? served;
    const model = threshold === undefined ? open : decidedBy(open, threshold);
    const text = textColumnsOf(named, model, path);
    return await withTable({ path, table, query }, watch, async (opened) => {
      if (named === undefined && (hasRows(opened) || opened.columns.length > 0)) checkModelColumns(opened, text);
      const columns = model.columns(probabilities);
      const tally = by === undefined ? undefined : model.tally?.(await readGroups(opened, by));
      if (by !== undefined && !tally)
        throw new UserError(
          `columnist predict has no figures by group for '${folder}' (task ${model.task}). Omit ${option("by")}, or ` +
            `measure the groups: columnist evaluate takes it too.`,
        );
      const seen = known ? undefined : model.seenRows?.();
      let [withText, unsure] = [0, 0];
      const values = forTexts(columns.length, async (texts) => {
        withText += texts.length;
        seen?.look(texts);
        const found = await model.values(texts, probabilities);
        if (threshold !== undefined) for (const answer of found[0] as Iterable<unknown>) if (answer === null) unsure++;
        return found;
      });
      const tallied: Answer = async (texts, tell) => {
        const answers = await values(texts, tell);
        tally?.add(answers[0] as Parameters<typeof tally.add>[0]);
        return answers;
      };
      const work = { text, columns, values: tallied, stage: "predicting", out, output, safeCsv };
      const { rows, names } = await addColumns(opened, work, watch);
      const used = seen?.message();
      if (used) watch.onMessage?.(`${used} Their predictions are better than they would be on new rows.`);
      const below = threshold !== undefined && { belowThreshold: unsure };
      return {
        rows,
        withoutText: rows - withText,
        ...below,
        ...(known && { outOfFold: known.counts }),
        columns: names,
        out,
        ...(tally && { groups: tally.groups() }),
      };
    });
  } finally {
    await served.close();
  }
}

function outOfFoldOf(model: TableModel) {
  if (model.outOfFold) return model.outOfFold();
  throw new UserError(`A model of task ${model.task} has no out-of-fold answers. Omit ${option("outOfFold")}.`);
}

function decidedBy(model: TableModel, threshold: string): TableModel {
  if (model.decidedBy) return model.decidedBy(threshold === "chosen" ? threshold : Number(threshold));
  throw new UserError(`The answers of a model of task ${model.task} have no thresholds. Omit ${option("threshold")}.`);
}
