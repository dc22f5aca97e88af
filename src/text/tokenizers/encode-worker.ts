// A worker thread of `encodeBatches`: texts in, their ids out.
import { workerData } from "node:worker_threads";
import { serveJobs } from "../../base/worker-pool.js";
import { encodeBatch } from "./encode-batch.js";
import type { EncodedBatch, EncodeWorkerData } from "./encode-batches.js";
import { loadTokenizer } from "./load-tokenizer.js";

const { json, offsets } = workerData as EncodeWorkerData;
const tokenizer = loadTokenizer(json);

serveJobs(
  (texts: string[]) => encodeBatch(tokenizer, texts, offsets),
  ({ ids, textsAt, starts, ends }: EncodedBatch) =>
    [ids, textsAt, starts, ends].flatMap((array) => (array ? [array.buffer as ArrayBuffer] : [])),
);
