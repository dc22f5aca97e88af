// columnist predict: flags in, one workflow; the answers go to a file or to stdout.
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { PredictResult } from "../../workflows/predict.js";
import { predictOptionsSchema } from "../../workflows/predict-options.js";
import { command } from "../commands.js";

export const predict = command({
  arguments: [
    ["<model>", "model folder"],
    ["<table>", "table with the text columns, or - for stdin"],
  ],
  schema: predictOptionsSchema,
  example:
    "columnist predict model new-reviews.csv --out answers.parquet\ncat new.csv | columnist predict model - > answers.csv",
  async run([model, table], options, { watch, json }) {
    const { predictTable } = await import("../../workflows/predict.js");
    const say = ({ withoutText, rows }: PredictResult) =>
      withoutText > 0 && watch.onMessage?.(`${withoutText} of ${rows} rows have no text: their answers are empty.`);
    if (json && options.out === undefined) {
      await printDocument(model, async (out) => {
        const result = await predictTable(model, table, { ...options, out }, watch);
        say(result);
        return result;
      });
      return undefined;
    }
    const result = await predictTable(model, table, options, watch);
    say(result);
    const { rows, withoutText, columns, out } = result;
    if (out === undefined) return undefined;
    const document = { model, out, rows, withoutText, columns };
    return { document, text: `${rows} rows written to ${out}; new columns: ${columns.join(", ")}` };
  },
});

/** One JSON document with all rows, without holding them in memory. */
async function printDocument(model: string, write: (out: string) => Promise<PredictResult>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "columnist-predict-"));
  try {
    const file = join(folder, "rows.json");
    const { rows, withoutText, columns } = await write(file);
    const head = JSON.stringify({ model, rows, withoutText, columns });
    process.stdout.write(`${head.slice(0, -1)},"predictions":`);
    await pipeline(createReadStream(file), process.stdout, { end: false });
    process.stdout.write("}\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
