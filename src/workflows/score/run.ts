// How well a language model foresees each row of a table, as new columns. Rows stream: memory does not grow with the
// table. Rows that surprise the model most are often odd: another language, broken text, copied boilerplate.
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import type { WorkflowWatch } from "../../base/watch.js";
import { checkOutputs, countRows, type NewColumn } from "../../tables/index.js";
import { readLanguageModel, textScorer } from "../../tasks/language/index.js";
import { type Answer, addColumns, forTexts, withTable } from "../add-columns.js";
import { textColumnsOf } from "../text-columns.js";
import { type ScoreOptions, scoreOptionsSchema } from "./options.js";

export interface OddRow {
  /** Counted from 1, in the order of the table. */
  row: number;
  bitsPerByte: number;
  text: string;
}

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

const oddestShown = 5;
/** The first words of a text are hard to foresee, so that the shortest texts would always come first. */
const shortest = 20;

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
  const { text, out, threads, safeCsv, table, query } = scoreOptionsSchema.parse(options);
  await checkOutputs({ inputs: [folder, path], outputs: [out] });
  const { facts, model } = await readLanguageModel(folder, { threads: threads ?? availableParallelism() });
  try {
    return await withTable({ path, table, query }, watch, async (opened) => {
      const oddest: OddRow[] = [];
      const scoreTexts = textScorer(model, watch);
      const total = await countRows(opened);
      let [done, withText] = [0, 0];
      const values: Answer = async (texts) => {
        const first = done;
        done += texts.length;
        return forTexts(2, async (own, rows) => {
          withText += own.length;
          const [logProbabilities, bitsPerByte] = [empty(own.length), empty(own.length)];
          // A table may be one batch, and a batch take minutes.
          const onScored = (count: number) =>
            watch.onProgress?.({ stage: "scoring", done: first + rows[count - 1] + 1, total });
          const scored = await scoreTexts(own, false, onScored);
          for (const [i, { logProbability, tokens, bytes }] of scored.entries()) {
            if (tokens === 0) continue;
            const bits = -logProbability / Math.LN2 / bytes;
            logProbabilities[i] = logProbability;
            bitsPerByte[i] = bits;
            if (bytes >= shortest) keepOddest(oddest, first + rows[i] + 1, bits, own[i]);
          }
          return [logProbabilities, bitsPerByte];
        })(texts);
      };
      const columns: NewColumn[] = [
        { name: "log_probability", type: "DOUBLE" },
        { name: "bits_per_byte", type: "DOUBLE" },
      ];
      const work = { text: textColumnsOf(text, facts, path), columns, values, stage: "scoring", out, output, safeCsv };
      const { rows, names } = await addColumns(opened, work, watch);
      return { rows, withoutText: rows - withText, columns: names, oddest, out };
    });
  } finally {
    await model.close();
  }
}

const empty = (count: number) => new Array<number | null>(count).fill(null);

function keepOddest(oddest: OddRow[], row: number, bitsPerByte: number, text: string): void {
  const last = oddest[oddestShown - 1] as OddRow | undefined;
  if (last && last.bitsPerByte >= bitsPerByte) return;
  if (last) oddest.pop();
  const place = oddest.findIndex((other) => other.bitsPerByte < bitsPerByte);
  oddest.splice(place < 0 ? oddest.length : place, 0, { row, bitsPerByte, text: text.slice(0, 500) });
}
