// Rows that are most like a question: of an index, or of a table that is encoded on the spot.
import { availableParallelism } from "node:os";
import { CancelledError, UserError } from "../base/errors.js";
import { checkOnce, type Folder, filePath, openFolder, tellFolder } from "../folders/index.js";
import { openHnswFiles } from "../neighbours/index.js";
import { openRowEncoder, type RowEncoder } from "../rows/index.js";
import { nearestVectorRows, openTable, type RowMatch, readTexts, vectorRowTexts } from "../tables/index.js";
import { indexFiles, readIndexEncoder } from "./index-folder.js";
import { type SearchOptions, searchOptionsSchema } from "./search-options.js";
import type { WorkflowWatch } from "./watch.js";

export interface SearchResult {
  question: string;
  /** exact: all rows were compared; hnsw: those that the approximate index led to. */
  kind: "exact" | "hnsw";
  encoder: string;
  rows: number;
  /** Most similar first; rows counted from 1. */
  matches: RowMatch[];
}

const rowsAtOnce = 4096;

/**
 * @param path - an index (see indexTable) or a table; a table needs `text`.
 * @throws UserError for a wrong source, and for a question of which no word is known
 * @example
 * const { matches } = await searchRows("index", "my card was swallowed", { top: 5 });
 */
export async function searchRows(
  path: string,
  question: string,
  options: SearchOptions = {},
  watch: WorkflowWatch = {},
): Promise<SearchResult> {
  const settings = searchOptionsSchema.parse(options);
  const threads = settings.threads ?? availableParallelism();
  if (tellFolder(path)) return searchIndex(openFolder(path, "row-index"), question, settings, threads);
  if (!settings.text) throw new UserError(`'${path}' is not an index. Name its text column with --text.`);
  const table = await openTable({ path, table: settings.table, query: settings.query }, watch);
  let texts: (string | null)[];
  try {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    texts = await readTexts(table, settings.text);
  } finally {
    table.close();
  }
  const given = texts.filter((one) => one !== null);
  const encoder = await openRowEncoder(given, { with: settings.with, seed: settings.seed, threads }, watch);
  try {
    const asked = await questionVector(encoder, question);
    const matches = await nearestTexts(encoder, texts, asked, settings.top, watch);
    return { question, kind: "exact", encoder: encoder.description, rows: texts.length, matches };
  } finally {
    await encoder.close();
  }
}

async function searchIndex(
  folder: Folder<"row-index">,
  question: string,
  { top, exact }: { top: number; exact: boolean },
  threads: number,
): Promise<SearchResult> {
  const { facts } = folder;
  await checkOnce(folder);
  const encoder = await readIndexEncoder(folder, threads);
  try {
    const asked = await questionVector(encoder, question);
    const rows = { path: filePath(folder, indexFiles.rows), dim: facts.dim, text: facts.textColumns };
    const kind = facts.shards.length > 0 && !exact ? "hnsw" : "exact";
    let matches: RowMatch[];
    if (kind === "exact") matches = await nearestVectorRows(rows, asked, top);
    else {
      const found = openHnswFiles(folder.path, facts.dim, facts.shards).search(asked, top);
      const texts = await vectorRowTexts(
        rows,
        found.map(({ row }) => row),
      );
      matches = found.map((match) => ({ ...match, text: texts.get(match.row) ?? "" }));
    }
    const numbered = matches.map(({ row, text, similarity }) => ({ row: row + 1, text, similarity }));
    return { question, kind, encoder: facts.encoder.description, rows: facts.rows, matches: numbered };
  } finally {
    await encoder.close();
  }
}

async function questionVector(encoder: RowEncoder, question: string): Promise<Float32Array> {
  const { vectors, known } = await encoder.encode([question]);
  if (known[0]) return vectors;
  throw new UserError(`None of the words in '${question}' is in ${encoder.description}. Try other words.`);
}

async function nearestTexts(
  { encode, dim }: RowEncoder,
  texts: readonly (string | null)[],
  asked: Float32Array,
  top: number,
  { onProgress, signal }: WorkflowWatch,
): Promise<RowMatch[]> {
  let best: RowMatch[] = [];
  for (let start = 0; start < texts.length; start += rowsAtOnce) {
    onProgress?.({ stage: "searching", done: start, total: texts.length });
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw new CancelledError("Stopped before all rows were compared.");
    const part = texts.slice(start, start + rowsAtOnce);
    const { vectors, known } = await encode(part.map((text) => text ?? ""));
    for (const [i, text] of part.entries()) {
      if (text === null || !known[i]) continue;
      let similarity = 0;
      for (let d = 0; d < dim; d++) similarity += asked[d] * vectors[i * dim + d];
      best.push({ row: start + i + 1, text, similarity });
    }
    best = best.sort((a, b) => b.similarity - a.similarity || a.row - b.row).slice(0, top);
  }
  return best;
}
