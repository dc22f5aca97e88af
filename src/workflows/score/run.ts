// How well a language model foresees each row of a table, as new columns. Rows stream: memory does not grow with the
// table. Rows that surprise the model most are often odd: another language, broken text, copied boilerplate.
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import type { WorkflowWatch } from "../../base/watch.js";
import { checkOutputs } from "../../tables/index.js";
import {
  type OddRow,
  oddestTexts,
  openLanguageModel,
  probabilityColumns,
  probabilityValues,
  textScorer,
} from "../../tasks/language/index.js";
import { type Answer, addColumns, forTexts, withTable } from "../add-columns.js";
import { textColumnsOf } from "../text-columns.js";
import { type ScoreOptions, scoreOptionsSchema } from "./options.js";

export interface ScoreResult {
  rows: number;
  /** Rows without text: their new columns are empty. */
  withoutText: number;
  /** Names of the new columns, with a suffix where a name was taken. */
  columns: string[];
  /** Rows of at least 20 bytes with the most bits per byte, the most unusual first. */
  oddest: OddRow[];
  out?: string;
}

/**
 * Keeps every column of the table and adds `log_probability` (of the whole text, natural) and `bits_per_byte`. Without
 * `out` the rows go to `output` as CSV.
 *
 * @throws UserError for a wrong folder, table or target; CancelledError after an abort, with nothing written
 * @example
 * const { oddest } = await scoreRows("lm", "reviews.csv", { text: ["review"], out: "scored.parquet" });
 */
export async function scoreRows(
  folder: string,
  path: string,
  options: ScoreOptions = {},
  watch: WorkflowWatch = {},
  output: Writable = process.stdout,
): Promise<ScoreResult> {
  const { text, out, precision, threads, safeCsv, table, query } = scoreOptionsSchema.parse(options);
  await checkOutputs({ inputs: [folder, path], outputs: [out] });
  const { textColumns, model } = await openLanguageModel(folder, {
    threads: threads ?? availableParallelism(),
    precision,
  });
  try {
    return await withTable({ path, table, query }, watch, async (opened) => {
      const oddest = oddestTexts();
      const scoreTexts = textScorer(model, watch);
      let [done, withText] = [0, 0];
      const values: Answer = async (texts, tell) => {
        const first = done;
        done += texts.length;
        return forTexts(2, async (own, rows) => {
          withText += own.length;
          // A table may be one batch, and a batch take minutes.
          const scored = await scoreTexts(own, false, (count) => tell(rows[count - 1] + 1));
          const values = probabilityValues(scored);
          for (const [i, bits] of (values[1] as (number | null)[]).entries())
            if (bits !== null) oddest.look(first + rows[i] + 1, bits, scored[i].bytes, own[i]);
          return values;
        })(texts, tell);
      };
      const columns = probabilityColumns();
      const named = textColumnsOf(text, { textColumns }, path);
      const work = { text: named, columns, values, stage: "scoring", out, output, safeCsv };
      const { rows, names } = await addColumns(opened, work, watch);
      return { rows, withoutText: rows - withText, columns: names, oddest: oddest.rows(), out };
    });
  } finally {
    await model.close();
  }
}
