// Answers for every row of a table, as new columns. Rows stream: memory does not grow with the table.
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import { answerTally, type GroupShares } from "../evaluate/index.js";
import { predictedClasses } from "../metrics/index.js";
import { readModelFolder } from "../models/text-classifier/index.js";
import { checkOutputs, hasRows, type NewColumn, type NewValues, readGroups } from "../tables/index.js";
import { type Answer, addColumns, forTexts, withTable } from "./add-columns.js";
import { checkModelColumns } from "./model-columns.js";
import { type PredictOptions, predictOptionsSchema } from "./predict-options.js";
import { seenRows } from "./seen-rows.js";
import type { WorkflowWatch } from "./watch.js";

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
 * Keeps every column of the table and adds `<label>`, of the type that the label column had in training, and
 * `<label>_probability`, with `probabilities` also one column for each label. Without `out` the rows go to `output` as CSV.
 *
 * @throws UserError for a wrong folder, table or target; CancelledError after an abort, with nothing written
 * @example
 * await predictTable("model", "new-reviews.csv", { out: "answers.parquet" });
 */
export async function predictTable(
  folder: string,
  path: string,
  options: PredictOptions = {},
  watch: WorkflowWatch = {},
  output: Writable = process.stdout,
): Promise<PredictResult> {
  const { out, probabilities, by, threads, table, query } = predictOptionsSchema.parse(options);
  await checkOutputs({ inputs: [folder, path], outputs: [out] });
  const { facts, classifier } = await readModelFolder(folder, { threads: threads ?? availableParallelism() });
  const { labels, labelColumn, labelType, textColumns } = facts;
  try {
    return await withTable({ path, table, query }, watch, async (opened) => {
      if (hasRows(opened) || opened.columns.length > 0) checkModelColumns(opened, textColumns);
      const columns: NewColumn[] = [
        { name: labelColumn, type: "VARCHAR", writtenAs: labelType },
        { name: `${labelColumn}_probability`, type: "FLOAT" },
      ];
      if (probabilities)
        for (const label of labels) columns.push({ name: `${labelColumn}_probability_${label}`, type: "FLOAT" });
      const tally = by === undefined ? undefined : answerTally(await readGroups(opened, by), labels);
      const seen = seenRows(folder);
      let withText = 0;
      const values = forTexts(columns.length, async (texts) => {
        withText += texts.length;
        seen?.look(texts);
        return columnsOf(await classifier.predict(texts), labels, probabilities);
      });
      const tallied: Answer = async (texts) => {
        const answers = await values(texts);
        tally?.add(answers[0] as (string | null)[]);
        return answers;
      };
      const work = { text: textColumns, columns, values: tallied, stage: "predicting", out, output };
      const { rows, names } = await addColumns(opened, work, watch);
      const known = seen?.message();
      if (known) watch.onMessage?.(`${known} Their probabilities are higher than they would be on new rows.`);
      return { rows, withoutText: rows - withText, columns: names, out, ...(tally && { groups: tally.shares() }) };
    });
  } finally {
    await classifier.close();
  }
}

/** @param answers probabilities (rows, labels) */
function columnsOf(answers: Float32Array, labels: readonly string[], isEach: boolean): NewValues[] {
  const predicted = predictedClasses(answers, labels.length);
  const of = (label: (row: number) => number) =>
    Float32Array.from(predicted, (_, row) => answers[row * labels.length + label(row)]);
  const names = Array.from(predicted, (label) => labels[label]);
  return [names, of((row) => predicted[row]), ...(isEach ? labels.map((_, label) => of(() => label)) : [])];
}
