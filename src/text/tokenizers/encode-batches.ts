// Texts of any amount to ids, on worker threads, in order. Knows no tables and no files.
import { availableParallelism } from "node:os";
import { mapOrdered } from "../../base/worker-pool.js";
import type { TextBatches } from "./count-words.js";
import { encodeBatch } from "./encode-batch.js";
import type { Tokenizer } from "./tokenizer.js";

/** The ids of some texts, one after the other. */
export interface EncodedBatch {
  ids: Int32Array;
  /** Text i is ids [textsAt[i], textsAt[i + 1]). */
  textsAt: Int32Array;
  /** Offsets of each id in its text, in UTF-16 units, if requested and known. */
  starts?: Int32Array;
  ends?: Int32Array;
}

export interface EncodeBatchesOptions {
  /** With `starts` and `ends`. Default false. */
  offsets?: boolean;
  /** Default: one per core. */
  threads?: number;
}

/**
 * Encodes batch by batch; few are in memory at a time. The result is the same on any number of threads.
 *
 * @example
 * for await (const { ids, textsAt } of encodeBatches(tokenizer, [["A text.", "Another."]])) console.log(ids, textsAt);
 */
export async function* encodeBatches(
  tokenizer: Tokenizer,
  batches: TextBatches,
  { offsets = false, threads = availableParallelism() }: EncodeBatchesOptions = {},
): AsyncGenerator<EncodedBatch> {
  if (threads === 1) {
    for await (const texts of batches) yield encodeBatch(tokenizer, texts, offsets);
    return;
  }
  const module = new URL("./encode-worker.js", import.meta.url);
  const data: EncodeWorkerData = { json: tokenizer.toJson(), offsets };
  yield* mapOrdered<readonly string[], EncodedBatch>(batches, { module, data: () => data, threads });
}

export interface EncodeWorkerData {
  json: string;
  offsets: boolean;
}
