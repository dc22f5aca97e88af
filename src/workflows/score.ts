// How well a language model foresees each row of a table, as new columns. Rows stream: memory does not grow with the
// table. Rows that surprise the model most are often odd: another language, broken text, copied boilerplate.
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import { textScorer } from "../evaluate/index.js";
import { readLanguageModel } from "../models/language-model/index.js";
import { countRows, openTable, type Score, scoreTable } from "../tables/index.js";
import { writeFault } from "./model-out.js";
import { type ScoreOptions, scoreOptionsSchema } from "./score-options.js";
import { textColumnsOf } from "./text-columns.js";
import type { WorkflowWatch } from "./watch.js";

export interface OddRow {
  /** From 1, as the table has them. */
  row: number;
  bitsPerByte: number;
  text: string;
}

export interface ScoreResult {
  rows: number;
  /** Rows without text: their new columns are empty. */
  withoutText: number;
  /** Names of the new columns; one that was taken has a suffix. */
  columns: string[];
  /** Rows of at least 20 bytes with the most bits per byte, the oddest first. */
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
  const { text, out, threads, table, query } = scoreOptionsSchema.parse(options);
  const { facts, model } = await readLanguageModel(folder, { threads: threads ?? availableParallelism() });
  try {
    const opened = await openTable({ path, table, query }, watch);
    try {
      const result: ScoreResult = { rows: 0, withoutText: 0, columns: [], oddest: [], out };
      const scoreTexts = textScorer(model, watch);
      const total = await countRows(opened);
      const report = (done: number) => watch.onProgress?.({ stage: "scoring", done, total });
      const score: Score = async (texts) => {
        const [logProbabilities, bitsPerByte] = [empty(texts.length), empty(texts.length)];
        const rows = [...texts.keys()].filter((row) => texts[row] !== null);
        // A table may be one batch, and a batch take minutes.
        const onScored = (count: number) => report(result.rows + rows[count - 1] + 1);
        const scored = await scoreTexts(
          rows.map((row) => texts[row] as string),
          false,
          onScored,
        );
        for (const [i, { logProbability, tokens, bytes }] of scored.entries()) {
          const row = rows[i];
          if (tokens === 0) continue;
          const bits = -logProbability / Math.LN2 / bytes;
          logProbabilities[row] = logProbability;
          bitsPerByte[row] = bits;
          if (bytes >= shortest) keepOddest(result.oddest, result.rows + row + 1, bits, texts[row] as string);
        }
        result.withoutText += texts.length - rows.length;
        result.rows += texts.length;
        return [logProbabilities, bitsPerByte];
      };
      const { names } = await scoreTable(
        opened,
        {
          text: textColumnsOf(text, facts, path),
          outPath: out,
          output,
          signal: watch.signal,
          newColumns: [
            { name: "log_probability", type: "DOUBLE" },
            { name: "bits_per_byte", type: "DOUBLE" },
          ],
        },
        score,
        report,
      ).catch((error: unknown) => {
        throw writeFault(error, out ?? "standard output");
      });
      return { ...result, columns: names };
    } finally {
      opened.close();
    }
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
