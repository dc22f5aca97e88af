// An index of a table's rows: made once, asked often.
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { writeFolderWhole } from "../base/atomic.js";
import { CancelledError, UserError } from "../base/errors.js";
import { createHnswWriter } from "../neighbours/index.js";
import { openRowEncoder } from "../rows/index.js";
import { openTable, readTexts, scoreTable } from "../tables/index.js";
import { compileIgnore } from "../text/index.js";
import { isIndexFolder, rowsPath, writeIndexEncoder, writeIndexFacts } from "./index-folder.js";
import { type IndexOptions, indexOptionsSchema } from "./index-options.js";
import { checkParent, writeFault } from "./model-out.js";
import type { WorkflowWatch } from "./watch.js";

/** Up to so many rows a question is compared with all of them: half a second. */
const exactRows = 100_000;

export interface IndexResult {
  out: string;
  rows: number;
  dim: number;
  encoder: string;
  /** hnsw: approximate; exact: rows are few, and all are compared. */
  kind: "exact" | "hnsw";
}

/**
 * Writes a folder with the table, a vector for each row and, for more than 100,000 rows, an approximate index (HNSW).
 *
 * @throws UserError for a wrong table, target or encoder; CancelledError after an abort, with nothing written
 * @example
 * await indexTable("tickets.csv", { text: ["body"], out: "index" });
 */
export async function indexTable(path: string, options: IndexOptions, watch: WorkflowWatch = {}): Promise<IndexResult> {
  const { text, with: source, ignore, out, seed, threads, table: name, query } = indexOptionsSchema.parse(options);
  const read = ignore === undefined ? (one: string) => one : compileIgnore(ignore, "--ignore");
  if (existsSync(out) && readdirSync(out).length > 0 && !isIndexFolder(out))
    throw new UserError(`'${out}' is not empty and no index, so it is not overwritten. Name another one with --out.`);
  checkParent(out);
  const cores = threads ?? availableParallelism();
  const table = await openTable({ path, table: name, query });
  try {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    const texts = await readTexts(table, text);
    const kind = texts.length > exactRows ? "hnsw" : "exact";
    const given = texts.filter((one) => one !== null).map(read);
    const encoder = await openRowEncoder(given, { with: source, seed, threads: cores }, watch);
    try {
      await writeFolderWhole(out, async (folder) => {
        const hnsw = kind === "hnsw" ? createHnswWriter(folder, { dim: encoder.dim, threads: cores }) : undefined;
        try {
          const newColumns = [{ name: "vector", type: "FLOAT[]", size: encoder.dim } as const];
          const target = { text, outPath: rowsPath(folder), suffix: "new", signal: watch.signal, newColumns };
          await scoreTable(
            table,
            target,
            async (part) => {
              const { vectors, known } = await encoder.encode(part.map((one) => read(one ?? "")));
              await hnsw?.add(vectors);
              return [part.map((_, i) => (known[i] ? vectors.subarray(i * encoder.dim, (i + 1) * encoder.dim) : null))];
            },
            (done, total) => watch.onProgress?.({ stage: "indexing", done, total }),
          );
          watch.onProgress?.({ stage: "finishing", done: 0, total: 1 });
          const shards = (await hnsw?.finish()) ?? [];
          writeIndexEncoder(folder, encoder);
          const described = { kind: encoder.source.kind, description: encoder.description };
          const facts = { textColumns: [...text], rows: texts.length, dim: encoder.dim, encoder: described, shards };
          writeIndexFacts(folder, { ...facts, source: table.description, ignore });
        } finally {
          await hnsw?.close();
        }
      }).catch((error: unknown) => {
        if (error instanceof CancelledError) throw error;
        throw writeFault(error, out);
      });
      return { out, rows: texts.length, dim: encoder.dim, encoder: encoder.description, kind };
    } finally {
      await encoder.close();
    }
  } finally {
    table.close();
  }
}
