// Learns vectors of words from the text of a table and writes them.
import { existsSync, statSync } from "node:fs";
import { fileAside } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { checkParent, writeFault } from "../../base/outputs.js";
import { filePlaceOf } from "../../base/place.js";
import type { WorkflowWatch } from "../../base/watch.js";
import {
  type TrainedVectors,
  trainWordVectors,
  type WordVectors,
  writeVectorsBinary,
  writeVectorsFolder,
  writeVectorsText,
} from "../../embeddings/index.js";
import { checkFolderOut, originOf } from "../../folders/index.js";
import { checkOutputs, countRows, openTable, streamTexts } from "../../tables/index.js";
import { type EmbeddingsTrainOptions, embeddingsTrainOptionsSchema } from "./options.js";

export interface EmbeddingsTrainResult {
  out: string;
  format: string;
  method: string;
  words: number;
  dim: number;
  texts: number;
  /** Words of the vocabulary in the texts, repeats included. */
  tokens: number;
  /** Number of words with a vector. */
  mostFrequent: string[];
  seconds: number;
}

/**
 * @throws UserError for wrong input and for texts that are too short; CancelledError after an abort, with nothing written
 * @example
 * await trainEmbeddings("novels.jsonl", { text: ["text"], dim: 100, out: "vectors" });
 */
export async function trainEmbeddings(
  path: string,
  options: EmbeddingsTrainOptions,
  watch: WorkflowWatch = {},
): Promise<EmbeddingsTrainResult> {
  const settings = embeddingsTrainOptionsSchema.parse(options);
  const { text, table: tableName, query, out, overwrite, format, seed, threads, ...method } = settings;
  if (method.ngrams && format !== "safetensors")
    throw new UserError(
      `The ${format} format cannot store n-gram vectors. Omit ${option("ngrams")} or ${option("format")}.`,
    );
  const origin = originOf({ path, table: tableName, query }, { text });
  if (format === "safetensors") checkFolderOut(out, "word-vectors", { origin, overwrite });
  else checkFileOut(out, format);
  await checkOutputs({ inputs: [path], outputs: [out] });
  const started = performance.now();
  watch.onProgress?.({ stage: "reading the table", done: 0, total: 1 });
  const table = await openTable({ path, table: tableName, query }, watch);
  const description = table.description;
  let trained: TrainedVectors;
  try {
    const expectedTexts = await countRows(table);
    trained = await trainWordVectors(streamTexts(table, { text }), { ...method, seed, threads, expectedTexts }, watch);
  } finally {
    table.close();
  }
  const { vectors } = trained;
  if (vectors.dim < method.dim)
    watch.onMessage?.(
      `The vectors have ${vectors.dim} dimensions, not ${method.dim}: ${vectors.words.length} words do not allow more.`,
    );
  const facts = {
    method: method.method,
    lowercase: !method.cased,
    options: { ...method, seed },
    data: { source: description, texts: trained.texts, tokens: trained.tokens },
  };
  try {
    if (format === "safetensors") await writeVectorsFolder(out, vectors, facts, { origin });
    else await writeFile(out, format, vectors);
  } catch (error) {
    throw writeFault(error, out);
  }
  return {
    out,
    format,
    method: method.method,
    words: vectors.words.length,
    dim: vectors.dim,
    texts: trained.texts,
    tokens: trained.tokens,
    mostFrequent: vectors.words.slice(0, 10),
    seconds: (performance.now() - started) / 1000,
  };
}

async function writeFile(out: string, format: string, vectors: WordVectors): Promise<void> {
  const aside = fileAside(filePlaceOf(out));
  try {
    if (format === "word2vec-binary") await writeVectorsBinary(aside.path, vectors);
    else await writeVectorsText(aside.path, vectors, format === "glove" ? "glove" : "word2vec");
    aside.put();
  } finally {
    aside.remove();
  }
}

function checkFileOut(out: string, format: string): void {
  if (existsSync(out) && statSync(out).isDirectory())
    throw new UserError(`'${out}' is a folder. Choose a file for the ${format} format with ${option("out")}.`);
  checkParent(out);
  filePlaceOf(out);
}
