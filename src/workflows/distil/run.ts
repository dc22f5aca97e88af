// Static vectors of an encoder's tokens: a folder of vectors, weighted by Zipf's law or by how often tokens stand in a table.
import { availableParallelism } from "node:os";
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { writeFault } from "../../base/outputs.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { writeVectorsFolder } from "../../embeddings/index.js";
import { checkFolderOut, originOf, tellFolder } from "../../folders/index.js";
import { type FoundModel, findModel } from "../../hub/index.js";
import { isStaticFolder, type PretrainedEncoder, readEncoder } from "../../networks/hugging-face/index.js";
import { distilEncoder, tokensOf } from "../../row-vectors/distil-encoder.js";
import { checkOutputs, countRows, streamTexts, type Table } from "../../tables/index.js";
import { withTable } from "../add-columns.js";
import { type DistilOptions, distilOptionsSchema } from "./options.js";

export interface DistilResult {
  out: string;
  /** The encoder's id, or the path of its folder. */
  encoder: string;
  tokens: number;
  dim: number;
  /** What the weights are by: texts of a table, none for Zipf's law. */
  texts: number;
  seconds: number;
}

/**
 * @param encoder - a folder in Hugging Face's layout, or the id of a model in the cache
 * @param path - a table whose texts tell how frequent tokens are
 * @throws UserError for what is no encoder, for a wrong table or target; CancelledError after an abort, with nothing written
 * @example
 * await distilVectors("sentence-transformers/all-MiniLM-L6-v2", undefined, { out: "vectors" });
 */
export async function distilVectors(
  encoder: string,
  path: string | undefined,
  options: DistilOptions = {},
  watch: WorkflowWatch = {},
): Promise<DistilResult> {
  const settings = distilOptionsSchema.parse(options);
  const { text, dimensions, out, overwrite, table: name, query } = settings;
  if (path === undefined && (text.length > 0 || name !== undefined || query !== undefined))
    throw new UserError(`${option(text.length > 0 ? "text" : "table")} needs a table behind the encoder.`);
  const found = findModel(encoder);
  const origin = originOf(
    { path: found.path },
    { path, table: name, query, text, ...(path === "-" && { at: Date.now() }) },
  );
  checkFolderOut(out, "word-vectors", { origin, overwrite });
  await checkOutputs({ inputs: [found.path, path], outputs: [out] });
  const started = performance.now();
  watch.onProgress?.({ stage: "reading the encoder", done: 0, total: 1 });
  const model = readModel(found);
  const counted =
    path === undefined
      ? undefined
      : await withTable({ path, table: name, query }, watch, async (table) => ({
          source: table.description,
          ...(await countTokens(model, table, text, watch)),
        }));
  const threads = settings.threads ?? availableParallelism();
  const vectors = await distilEncoder(model, { dimensions, counts: counted?.counts, threads }, watch);
  const { dim, words } = vectors;
  if (dim < dimensions)
    watch.onMessage?.(`The vectors have ${dim} dimensions, not ${dimensions}: those of ${encoder} have no more.`);
  const shown = found.id ?? found.path;
  const data = {
    source: counted?.source ?? shown,
    texts: counted?.texts ?? 0,
    tokens: counted?.counts.reduce((a, b) => a + b, 0) ?? 0,
  };
  const facts = { method: "distilled", lowercase: model.lowercase, options: { encoder: shown, dimensions }, data };
  await writeVectorsFolder(out, vectors, facts, { origin }).catch((error: unknown) => {
    throw writeFault(error, out);
  });
  const seconds = (performance.now() - started) / 1000;
  return { out, encoder: shown, tokens: words.length, dim, texts: data.texts, seconds };
}

function readModel({ path, kind }: FoundModel): PretrainedEncoder {
  if (kind === "gguf")
    throw new UserError(
      `'${path}' is a GGUF file, a model that writes texts. Static vectors are made from an encoder.`,
    );
  if (tellFolder(path))
    throw new UserError(
      `'${path}' is a folder of columnist. If a fine-tuned encoder is in it, export it first (columnist export), and distil the ` +
        "folder that this writes.",
    );
  if (isStaticFolder(path))
    throw new UserError(
      `'${path}' has static vectors already: specify it as it is, with ${option("with")}. Static vectors are made from an encoder.`,
    );
  return readEncoder(path);
}

async function countTokens(
  encoder: PretrainedEncoder,
  table: Table,
  text: readonly string[],
  watch: WorkflowWatch,
): Promise<{ texts: number; counts: Float64Array }> {
  const { tokenizer, encode } = tokensOf(encoder);
  const counts = new Float64Array(tokenizer.vocabSize);
  const total = await countRows(table);
  let texts = 0;
  for await (const batch of streamTexts(table, { text })) {
    if (watch.signal?.aborted) throw new CancelledError("Stopped before the vectors were made.");
    for (const one of batch.texts) for (const id of encode(one)) counts[id]++;
    texts += batch.texts.length;
    watch.onProgress?.({ stage: "counting tokens", done: texts, total });
  }
  return { texts, counts };
}
