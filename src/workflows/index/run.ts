// An index of a table's rows: made once, asked often.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { option } from "../../base/option.js";
import { writeFault } from "../../base/outputs.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { checkFolderOut, originOf, writeFolder } from "../../folders/index.js";
import { createHnswWriter } from "../../neighbours/index.js";
import { openRowEncoder, vectorsPath } from "../../row-vectors/index.js";
import { indexFiles, writeIndexEncoder } from "../../row-vectors/index-folder.js";
import { checkOutputs, readTexts } from "../../tables/index.js";
import { compileIgnore } from "../../text/index.js";
import { type Answer, addColumns, withTable } from "../add-columns.js";
import { type IndexOptions, indexOptionsSchema } from "./options.js";

/** Up to so many rows a question is compared with all of them: half a second. */
const exactRows = 100_000;

export interface IndexResult {
  out: string;
  rows: number;
  dim: number;
  encoder: string;
  /** hnsw: approximate; exact: there are few rows, and all are compared. */
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
  const settings = indexOptionsSchema.parse(options);
  const { text, with: source, precision, ignore, out, seed, threads, table: name, query } = settings;
  const read = ignore === undefined ? (one: string) => one : compileIgnore(ignore, option("ignore"));
  const origin = originOf({ path, table: name, query }, { text });
  checkFolderOut(out, "row-index", { origin, overwrite: settings.overwrite });
  await checkOutputs({ inputs: [path, vectorsPath(source)], outputs: [out] });
  const cores = threads ?? availableParallelism();
  return withTable({ path, table: name, query }, watch, async (table) => {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    const texts = await readTexts(table, text);
    const kind = texts.length > exactRows ? "hnsw" : "exact";
    const given = texts.filter((one) => one !== null).map(read);
    const encoder = await openRowEncoder(given, { with: source, precision, seed, threads: cores }, watch);
    try {
      const described = { kind: encoder.source.kind, description: encoder.description };
      const facts = { textColumns: [...text], rows: texts.length, dim: encoder.dim, encoder: described, ignore };
      let shards: number[] = [];
      const fill = async (folder: string) => {
        const hnsw = kind === "hnsw" ? createHnswWriter(folder, { dim: encoder.dim, threads: cores }) : undefined;
        try {
          const columns = [{ name: "vector", type: "FLOAT[]", size: encoder.dim } as const];
          const values: Answer = async (part, tell) => {
            const texts = part.map((one) => read(one ?? ""));
            const { signal } = watch;
            const { vectors, known } = await encoder.encode(texts, { purpose: "document", signal, onTexts: tell });
            await hnsw?.add(vectors);
            return [part.map((_, i) => (known[i] ? vectors.subarray(i * encoder.dim, (i + 1) * encoder.dim) : null))];
          };
          const target = {
            text,
            out: join(folder, indexFiles.rows),
            suffix: "new",
            columns,
            values,
            stage: "indexing",
          };
          await addColumns(table, target, watch);
          watch.onProgress?.({ stage: "finishing", done: 0, total: 1 });
          shards = (await hnsw?.finish()) ?? [];
          await writeIndexEncoder(folder, encoder);
        } finally {
          await hnsw?.close();
        }
      };
      const factsOf = () => ({ ...facts, shards, data: { source: table.description } });
      await writeFolder(out, "row-index", factsOf, fill, { origin, marks: true }).catch((error: unknown) => {
        throw writeFault(error, out);
      });
      return { out, rows: texts.length, dim: encoder.dim, encoder: encoder.description, kind };
    } finally {
      await encoder.close();
    }
  });
}
