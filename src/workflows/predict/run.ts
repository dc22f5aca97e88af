// Answers for every row of a table, as new columns. Rows stream: memory does not grow with the table. Knows no task.
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { checkOutputs, hasRows, readGroups } from "../../tables/index.js";
import { type GroupShares, openTextModel } from "../../tasks/index.js";
import { type Answer, addColumns, forTexts, withTable } from "../add-columns.js";
import { checkModelColumns } from "../model-columns.js";
import { seenRows } from "../seen-rows.js";
import { type PredictTableOptions, predictOptionsSchema } from "./options.js";

export interface PredictResult {
  rows: number;
  /** Rows without text: their new columns are empty. */
  withoutText: number;
  /** Names of the new columns, with a suffix where a name was taken. */
  columns: string[];
  out?: string;
  /** With `by`: how often each label is predicted for each value of that column, the largest group first. */
  groups?: GroupShares[];
}

/**
 * Keeps every column of the table and adds the answers: for a classifier `<label>`, of the type that the label column had in
 * training, and `<label>_probability`, with `probabilities` also one column for each label. Without `out` the rows go to `output` as CSV.
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
  const { out, probabilities, by, threads, safeCsv, table, query } = predictOptionsSchema.parse(options);
  await checkOutputs({ inputs: [folder, path], outputs: [out] });
  const { task, taskName, space, facts, model } = await openTextModel(folder, {
    threads: threads ?? availableParallelism(),
  });
  const { labelColumn, labelType, textColumns } = facts;
  try {
    if (by !== undefined && !task.tally)
      throw new UserError(
        `The answers of '${folder}' (task ${taskName}) cannot be counted by group. Omit ${option("by")}.`,
      );
    return await withTable({ path, table, query }, watch, async (opened) => {
      if (hasRows(opened) || opened.columns.length > 0) checkModelColumns(opened, textColumns);
      const columns = task.columns({ column: labelColumn, type: labelType }, space, probabilities);
      const tally = by === undefined ? undefined : task.tally?.(await readGroups(opened, by), space);
      const seen = seenRows(folder);
      let withText = 0;
      const values = forTexts(columns.length, async (texts) => {
        withText += texts.length;
        seen?.look(texts);
        return task.values(await model.predict(texts), space, probabilities);
      });
      const tallied: Answer = async (texts) => {
        const answers = await values(texts);
        tally?.add(answers[0] as (string | readonly string[] | null)[]);
        return answers;
      };
      const work = { text: textColumns, columns, values: tallied, stage: "predicting", out, output, safeCsv };
      const { rows, names } = await addColumns(opened, work, watch);
      const known = seen?.message();
      if (known) watch.onMessage?.(`${known} Their predictions are better than they would be on new rows.`);
      return { rows, withoutText: rows - withText, columns: names, out, ...(tally && { groups: tally.shares() }) };
    });
  } finally {
    await model.close();
  }
}
