// A table with a vector beside every row.
import { availableParallelism } from "node:os";
import type { WorkflowWatch } from "../../base/watch.js";
import { openRowEncoder, vectorsPath } from "../../row-vectors/index.js";
import { checkOutputs, type NewColumn, readTexts, sampleTexts } from "../../tables/index.js";
import { addColumns, forTexts, withTable } from "../add-columns.js";
import { type EmbedOptions, embedOptionsSchema } from "./options.js";

export interface EmbedResult {
  rows: number;
  /** Rows whose vector is empty: they have no text, or no known word. */
  withoutVector: number;
  dim: number;
  /** Source of the vectors. */
  encoder: string;
  /** Of a pretrained encoder. */
  precision?: "float32" | "int8";
  /** Name of the new column. */
  column: string;
  out: string;
}

/** Enough texts to tell the common direction of all. */
const mostSampled = 100_000;

/**
 * Adds the column `vector`, FLOAT[dim], of unit length: the inner product of two rows is their cosine.
 *
 * @throws UserError for a wrong table, target or encoder; CancelledError after an abort, with nothing written
 * @example
 * await embedTable("tickets.csv", { text: ["body"], out: "tickets.parquet" });
 */
export async function embedTable(path: string, options: EmbedOptions, watch: WorkflowWatch = {}): Promise<EmbedResult> {
  const settings = embedOptionsSchema.parse(options);
  const { text, with: source, precision, out, seed, threads, safeCsv, table: name, query } = settings;
  await checkOutputs({ inputs: [path, vectorsPath(source)], outputs: [out] });
  return withTable({ path, table: name, query }, watch, async (table) => {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    // Words are learned from all texts; for an encoder at hand some are enough, and a table without rows is no fault.
    const texts =
      source === undefined
        ? (await readTexts(table, text)).filter((one) => one !== null)
        : await sampleTexts(table, text, mostSampled);
    const own = { with: source, precision, seed, threads: threads ?? availableParallelism() };
    const encoder = await openRowEncoder(texts, own, watch);
    try {
      const { dim } = encoder;
      let withVector = 0;
      const values = forTexts(1, async (part, _, tell) => {
        const { vectors, known } = await encoder.encode(part, { signal: watch.signal, onTexts: tell });
        for (const one of known) withVector += one;
        return [part.map((_, i) => (known[i] ? vectors.subarray(i * dim, (i + 1) * dim) : null))];
      });
      const columns: NewColumn[] = [{ name: "vector", type: "FLOAT[]", size: dim }];
      const work = { text, columns, values, stage: "encoding", out, suffix: "new", safeCsv };
      const { rows, names } = await addColumns(table, work, watch);
      const withoutVector = rows - withVector;
      const { description, precision: used } = encoder;
      return { rows, withoutVector, dim, encoder: description, precision: used, column: names[0], out };
    } finally {
      await encoder.close();
    }
  });
}
