// Rows that are most like a question: of an index, or of a table that is encoded on the spot.
import { availableParallelism } from "node:os";
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { writeFault } from "../../base/outputs.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { checkOnce, type Folder, filePath, openFolder, tellFolder } from "../../folders/index.js";
import { checkHnswFiles, openHnswFiles } from "../../neighbours/index.js";
import { openRowEncoder, type RowEncoder, vectorsPath } from "../../row-vectors/index.js";
import { indexFiles, readIndexEncoder } from "../../row-vectors/index-folder.js";
import {
  checkOutputs,
  checkSelectTarget,
  nearestVectorRows,
  openTable,
  type RowMatch,
  readTexts,
  type SelectOptions,
  selectRows,
  type Table,
  vectorRowTexts,
} from "../../tables/index.js";
import { compileIgnore } from "../../text/ignore-pattern.js";
import { type SearchOptions, searchOptionsSchema } from "./options.js";

export interface SearchAnswer {
  question: string;
  /** Most similar first; rows counted from 1. */
  matches: RowMatch[];
}

/** The result of the first query, and those of all. */
export interface SearchResult extends SearchAnswer {
  /** exact: all rows were compared; hnsw: only those found by the approximate index. */
  kind: "exact" | "hnsw";
  encoder: string;
  rows: number;
  answers: SearchAnswer[];
  /** The file of all hits, if requested. */
  out?: string;
}

const rowsAtOnce = 4096;

/**
 * The `top` rows most similar to each query. With `out` all of them are written as a table: `question`, `rank` (from 1),
 * `score` (cosine) and the columns of the row.
 *
 * @param path - an index (see indexTable) or a table; a table needs `text`.
 * @throws UserError for a wrong source, and for a query without a known word
 * @example
 * const { matches } = await searchRows("index", "my card was swallowed", { top: 5 });
 */
export async function searchRows(
  path: string,
  question: string | readonly string[],
  options: SearchOptions = {},
  watch: WorkflowWatch = {},
): Promise<SearchResult> {
  const settings = searchOptionsSchema.parse(options);
  const { safeCsv } = settings;
  const threads = settings.threads ?? availableParallelism();
  const questions = typeof question === "string" ? [question] : question;
  if (questions.length === 0) throw new UserError("A search needs a query text.");
  if (settings.out !== undefined) checkSelectTarget(settings.out);
  await checkOutputs({ inputs: [path, vectorsPath(settings.with)], outputs: [settings.out] });
  if (tellFolder(path)) return searchIndex(openFolder(path, "row-index"), questions, settings, threads, watch);
  if (!settings.text)
    throw new UserError(`'${path}' is not an index. If it is a table, specify its text column with ${option("text")}.`);
  const read = readerOf(settings.ignore);
  const table = await openTable({ path, table: settings.table, query: settings.query }, watch);
  try {
    watch.onProgress?.({ stage: "reading", done: 0, total: 1 });
    const texts = await readTexts(table, settings.text);
    const given = texts.filter((one) => one !== null).map(read);
    const { with: source, precision, seed } = settings;
    const encoder = await openRowEncoder(given, { with: source, precision, seed, threads }, watch);
    try {
      const asked: Float32Array[] = [];
      for (const one of questions) asked.push(await questionVector(encoder, read, one));
      const matches = await nearestTexts(encoder, read, texts, asked, settings.top, watch);
      const answers = questions.map((question, i): SearchAnswer => ({ question, matches: matches[i] }));
      const proof = { text: settings.text, texts };
      if (settings.out !== undefined) await writeHits(table, answers, { proof, outPath: settings.out, safeCsv }, watch);
      const { description } = encoder;
      return { ...answers[0], kind: "exact", encoder: description, rows: texts.length, answers, out: settings.out };
    } finally {
      await encoder.close();
    }
  } finally {
    table.close();
  }
}

async function searchIndex(
  folder: Folder<"row-index">,
  questions: readonly string[],
  { top, exact, ignore, precision, out, safeCsv }: ReturnType<typeof searchOptionsSchema.parse>,
  threads: number,
  watch: WorkflowWatch,
): Promise<SearchResult> {
  const { facts } = folder;
  if (ignore !== undefined && ignore !== facts.ignore)
    throw new UserError(
      `The index '${folder.path}' was built ${facts.ignore === undefined ? "without" : "with"} ${option("ignore")}` +
        (facts.ignore === undefined ? "" : ` '${facts.ignore}'`) +
        `, and search queries are read the same way. Omit ${option("ignore")}, or build the index again with it.`,
    );
  const { dim, shards } = facts;
  await checkOnce(folder, { examine: () => shards.length > 0 && checkHnswFiles(folder.path, dim, facts.rows, shards) });
  const read = readerOf(facts.ignore);
  const encoder = await readIndexEncoder(folder, threads);
  const kind = facts.shards.length > 0 && !exact ? "hnsw" : "exact";
  try {
    const { precision: own = "float32" } = encoder;
    if (precision !== undefined && precision !== "auto" && precision !== own)
      throw new UserError(
        `The index '${folder.path}' was built in ${own}, and search queries are read the same way. Omit ` +
          `${option("precision")}, or build the index again with it.`,
      );
    const answers: SearchAnswer[] = [];
    for (const question of questions) {
      const asked = await questionVector(encoder, read, question);
      const matches = await nearestOfIndex(folder, asked, { top, kind });
      answers.push({ question, matches: matches.map((match) => ({ ...match, row: match.row + 1 })) });
    }
    if (out !== undefined) {
      const table = await openTable({ path: filePath(folder, indexFiles.rows) });
      try {
        const vectors = table.columns.filter(({ type }) => type.startsWith("FLOAT[")).at(-1);
        const without = vectors ? [vectors.name] : [];
        await writeHits(table, answers, { without, outPath: out, safeCsv }, watch);
      } finally {
        table.close();
      }
    }
    return { ...answers[0], kind, encoder: facts.encoder.description, rows: facts.rows, answers, out };
  } finally {
    await encoder.close();
  }
}

async function nearestOfIndex(
  folder: Folder<"row-index">,
  asked: Float32Array,
  { top, kind }: { top: number; kind: "exact" | "hnsw" },
): Promise<RowMatch[]> {
  const { dim, shards, textColumns } = folder.facts;
  const rows = { path: filePath(folder, indexFiles.rows), dim, text: textColumns };
  if (kind === "exact") return nearestVectorRows(rows, asked, top);
  const found = openHnswFiles(folder.path, dim, shards).search(asked, top);
  const texts = await vectorRowTexts(
    rows,
    found.map(({ row }) => row),
  );
  return found.map((match) => ({ ...match, text: texts.get(match.row) ?? "" }));
}

/** A row for each hit: the questions in their order, the best hit of each first. */
async function writeHits(
  table: Table,
  answers: readonly SearchAnswer[],
  target: Pick<SelectOptions, "outPath" | "proof" | "without" | "safeCsv">,
  { signal, onMessage }: WorkflowWatch,
): Promise<void> {
  const hits = answers.flatMap(({ question, matches }) =>
    matches.map(({ row, similarity }, i) => ({ question, rank: i + 1, score: similarity, row: row - 1 })),
  );
  const newColumns = [
    { name: "question", type: "VARCHAR", values: hits.map(({ question }) => question) },
    { name: "rank", type: "INTEGER", values: hits.map(({ rank }) => rank) },
    { name: "score", type: "DOUBLE", values: hits.map(({ score }) => score) },
  ] as const;
  const rows = hits.map(({ row }) => row);
  await selectRows(table, { rows, newColumns, suffix: "found", ...target, signal, onMessage }).catch(
    (error: unknown) => {
      throw writeFault(error, target.outPath);
    },
  );
}

type Reader = (text: string) => string;

const readerOf = (ignore: string | undefined): Reader =>
  ignore === undefined ? (text) => text : compileIgnore(ignore, option("ignore"));

async function questionVector(encoder: RowEncoder, read: Reader, question: string): Promise<Float32Array> {
  const { vectors, known } = await encoder.encode([read(question)], { purpose: "question" });
  if (!vectors.every(Number.isFinite))
    throw new UserError(
      `The vector of '${question}' has values that are not finite numbers: ${encoder.description} is damaged.`,
    );
  if (known[0]) return vectors;
  throw new UserError(`None of the words in '${question}' is in ${encoder.description}. Try other words.`);
}

/** For each question the most similar rows; the table is encoded once. */
async function nearestTexts(
  { encode, dim }: RowEncoder,
  read: Reader,
  texts: readonly (string | null)[],
  questions: readonly Float32Array[],
  top: number,
  { onProgress, signal }: WorkflowWatch,
): Promise<RowMatch[][]> {
  const best: RowMatch[][] = questions.map(() => []);
  for (let start = 0; start < texts.length; start += rowsAtOnce) {
    const onTexts = (done: number) => onProgress?.({ stage: "searching", done: start + done, total: texts.length });
    onTexts(0);
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw new CancelledError("Stopped before all rows were compared.");
    const part = texts.slice(start, start + rowsAtOnce);
    const own = part.map((text) => read(text ?? ""));
    const { vectors, known } = await encode(own, { purpose: "document", signal, onTexts });
    for (const [question, asked] of questions.entries()) {
      for (const [i, text] of part.entries()) {
        if (text === null || !known[i]) continue;
        let similarity = 0;
        for (let d = 0; d < dim; d++) similarity += asked[d] * vectors[i * dim + d];
        best[question].push({ row: start + i + 1, text, similarity });
      }
      best[question] = best[question].sort((a, b) => b.similarity - a.similarity || a.row - b.row).slice(0, top);
    }
  }
  return best;
}
