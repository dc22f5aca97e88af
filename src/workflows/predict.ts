// Answers for every row of a table, as new columns. Rows stream: memory does not grow with the table.
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import { answerTally, type GroupShares } from "../evaluate/index.js";
import { predictedClasses } from "../metrics/index.js";
import { readModelFolder } from "../models/text-classifier/index.js";
import { type NewColumn, openTable, readGroups, type Score, scoreTable } from "../tables/index.js";
import { checkModelColumns } from "./model-columns.js";
import { writeFault } from "./model-out.js";
import { type PredictOptions, predictOptionsSchema } from "./predict-options.js";
import type { WorkflowWatch } from "./watch.js";

export interface PredictResult {
  rows: number;
  /** Rows without text: their new columns are empty. */
  withoutText: number;
  /** Names of the new columns; one that was taken has a suffix. */
  columns: string[];
  out?: string;
  /** With `by`: how often each label is the answer for each value of that column, the largest group first. */
  groups?: GroupShares[];
}

/**
 * Keeps every column of the table and adds `<label>` and `<label>_probability`, with `probabilities` also one column for
 * each label. Without `out` the rows go to `output` as CSV.
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
  const { facts, classifier } = await readModelFolder(folder, { threads: threads ?? availableParallelism() });
  try {
    const opened = await openTable({ path, table, query });
    try {
      const { labels, labelColumn, textColumns } = facts;
      checkModelColumns(opened, textColumns);
      const newColumns: NewColumn[] = [
        { name: labelColumn, type: "VARCHAR" },
        { name: `${labelColumn}_probability`, type: "FLOAT" },
      ];
      if (probabilities)
        for (const label of labels) newColumns.push({ name: `${labelColumn}_probability_${label}`, type: "FLOAT" });
      const tally = by === undefined ? undefined : answerTally(await readGroups(opened, by), labels);
      let withoutText = 0;
      const score: Score = async (texts) => {
        await new Promise((resolve) => setImmediate(resolve));
        watch.signal?.throwIfAborted();
        const rows = [...texts.keys()].filter((row) => texts[row] !== null);
        withoutText += texts.length - rows.length;
        const answers = await classifier.predict(rows.map((row) => texts[row] as string));
        const values = columnsOf(texts.length, rows, answers, labels, probabilities);
        tally?.add(values[0]);
        return values;
      };
      const onRows = (done: number, total: number) => watch.onProgress?.({ stage: "predicting", done, total });
      const target = { text: textColumns, outPath: out, output, newColumns, signal: watch.signal };
      const { rows, names } = await scoreTable(opened, target, score, onRows).catch((error: unknown) => {
        throw writeFault(error, out ?? "standard output");
      });
      return { rows, withoutText, columns: names, out, ...(tally && { groups: tally.shares() }) };
    } finally {
      opened.close();
    }
  } finally {
    await classifier.close();
  }
}

/** @param rows the rows that have a text, in the order of `answers` (rows, labels) */
function columnsOf(
  count: number,
  rows: readonly number[],
  answers: Float32Array,
  labels: readonly string[],
  isEach: boolean,
): (string | number | null)[][] {
  const empty = () => new Array<string | number | null>(count).fill(null);
  const [names, sureness] = [empty(), empty()];
  const each = isEach ? labels.map(empty) : [];
  const predicted = predictedClasses(answers, labels.length);
  for (const [i, row] of rows.entries()) {
    names[row] = labels[predicted[i]];
    sureness[row] = answers[i * labels.length + predicted[i]];
    for (const [index, column] of each.entries()) column[row] = answers[i * labels.length + index];
  }
  return [names, sureness, ...each];
}
