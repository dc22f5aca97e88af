// A table with a vector beside every row.
import { availableParallelism } from "node:os";
import { CancelledError } from "../base/errors.js";
import { openRowEncoder } from "../rows/index.js";
import { openTable, readTexts, scoreTable } from "../tables/index.js";
import { type EmbedOptions, embedOptionsSchema } from "./embed-options.js";
import { writeFault } from "./model-out.js";
import type { WorkflowWatch } from "./watch.js";

export interface EmbedResult {
  rows: number;
  /** Rows whose vector is empty: they have no text, or no word that is known. */
  withoutVector: number;
  dim: number;
  /** What made the vectors. */
  encoder: string;
  /** Name of the new column. */
  column: string;
  out: string;
}

/**
 * Adds the column `vector`, FLOAT[dim], of unit length: the inner product of two rows is their cosine.
 *
 * @throws UserError for a wrong table, target or encoder; CancelledError after an abort, with nothing written
 * @example
 * await embedTable("tickets.csv", { text: ["body"], out: "tickets.parquet" });
 */
export async function embedTable(path: string, options: EmbedOptions, watch: WorkflowWatch = {}): Promise<EmbedResult> {
  const { text, with: source, out, seed, threads, table: name, query } = embedOptionsSchema.parse(options);
  const table = await openTable({ path, table: name, query }, watch);
  try {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    const texts = (await readTexts(table, text)).filter((one) => one !== null);
    const own = { with: source, seed, threads: threads ?? availableParallelism() };
    const encoder = await openRowEncoder(texts, own, watch);
    try {
      let withoutVector = 0;
      const { rows, names } = await scoreTable(
        table,
        {
          text,
          outPath: out,
          suffix: "new",
          signal: watch.signal,
          newColumns: [{ name: "vector", type: "FLOAT[]", size: encoder.dim }],
        },
        async (part) => {
          const { vectors, known } = await encoder.encode(part.map((one) => one ?? ""));
          const column = part.map((one, i) => {
            if (one !== null && known[i]) return vectors.subarray(i * encoder.dim, (i + 1) * encoder.dim);
            withoutVector++;
            return null;
          });
          return [column];
        },
        (done, total) => watch.onProgress?.({ stage: "encoding", done, total }),
      ).catch((error: unknown) => {
        if (error instanceof CancelledError) throw error;
        throw writeFault(error, out);
      });
      return { rows, withoutVector, dim: encoder.dim, encoder: encoder.description, column: names[0], out };
    } finally {
      await encoder.close();
    }
  } finally {
    table.close();
  }
}
