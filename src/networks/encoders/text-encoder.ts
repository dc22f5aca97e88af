// Vectors of texts by an encoder: texts of like length together, on as many threads as there may be. A batch is computed by
// one thread, and which texts are in it does not depend on the threads: so neither do the bits.
import { CancelledError } from "../../base/errors.js";
import { createWorkerPool, type WorkerPool } from "../../base/worker-pool.js";
import { flopsByLength } from "../flops-by-length.js";
import { encoderTable } from "./build-encoder.js";
import type { EncoderWeights } from "./eight-bit.js";
import { encoderFlops, encoderOnnx } from "./encoder-graph.js";
import {
  type EncoderJob,
  type EncoderJobsData,
  encoderJobs,
  type IdBatch,
  type TextIds,
  type TokenTable,
} from "./encoder-jobs.js";
import type { EncoderShape } from "./shape.js";
import { type TextVectorShape, vectorSize } from "./text-vector.js";

export interface TextEncoderModel extends EncoderWeights {
  shape: EncoderShape;
  vector: TextVectorShape;
  tokenizerJson: string;
  lowercase: boolean;
  maxLength: number;
  /** Texts without tokens of their own get the vector of the special tokens around nothing, and count as known. */
  encodesEmpty?: boolean;
}

export interface TextEncoder {
  /** Numbers of a vector. */
  dim: number;
  /**
   * Row-major (texts, dim), as the model gives them. Texts without tokens of their own are not `known` and have zeros.
   *
   * @throws CancelledError after an abort
   */
  encode(texts: readonly string[], watch?: EncodeWatch): Promise<{ vectors: Float32Array; known: Uint8Array }>;
  /** Operations of `encode`. */
  flops(texts: readonly string[]): Promise<number>;
  /** Row-major (rows, dim), of ids with the special ones among them: at least one in a row, at most the model's length. */
  encodeIds(rows: readonly Int32Array[], watch?: EncodeWatch): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface EncodeWatch {
  signal?: AbortSignal;
  /** Called with the share of the work that is done, as a number of texts: the longest come first. */
  onTexts?(done: number): void;
}

/**
 * Tokens of a batch, padding included: what a block makes of them stays near the processor (1,024 took a fifth longer). In 8 bits
 * the products are a smaller part of the work, and the rest is faster on half as much.
 */
const tokensAtOnce = { float32: 512, int8: 256 };
const textsTokenizedAtOnce = 512;
/** Weights that the sessions of all threads may hold, each its own: beyond it a session has several threads. */
const mostBytes = 4 * 2 ** 30;

export function openTextEncoder(model: TextEncoderModel, threads: number): TextEncoder {
  const { shape, vector, tokenizerJson, lowercase, maxLength, encodesEmpty } = model;
  const dim = vectorSize(vector, shape.width);
  const [weights, quantized] = [new Map(model.weights), model.quantized];
  const table = sharedTable(model);
  weights.delete(encoderTable);
  const onnx = sharedBytes(encoderOnnx(shape, { weights, quantized }, vector));
  const workers = Math.max(1, Math.min(threads, Math.floor(mostBytes / onnx.length)));
  const data = { tokenizerJson, lowercase, maxLength, onnx, table, width: shape.width };
  const lane = threads === 1 ? ownLane({ ...data, threads }) : pooledLane(data, workers, Math.floor(threads / workers));

  const tokensOfBatch = quantized ? tokensAtOnce.int8 : tokensAtOnce.float32;
  async function encode(texts: readonly string[], watch: EncodeWatch = {}) {
    const { rows, known } = await tokenized(lane, texts, watch.signal);
    if (encodesEmpty) for (const [row, { length }] of rows.entries()) known[row] = length > 0 ? 1 : 0;
    return { vectors: await vectorsOf(rows, known, watch), known };
  }

  async function vectorsOf(rows: readonly Int32Array[], known: Uint8Array, { signal, onTexts }: EncodeWatch) {
    const vectors = new Float32Array(rows.length * dim);
    const batches = batchesOf(rows, known, tokensOfBatch);
    const all = batches.reduce((sum, { rows, length }) => sum + rows.length * length, 0);
    let [next, done] = [0, 0];
    const work = async () => {
      while (next < batches.length) {
        if (signal?.aborted) throw new CancelledError();
        const batch = batches[next++];
        const found = await lane.vectors(idsOf(batch, rows));
        for (const [i, row] of batch.rows.entries()) vectors.set(found.subarray(i * dim, (i + 1) * dim), row * dim);
        done += batch.rows.length * batch.length;
        onTexts?.(Math.floor((rows.length * done) / all));
      }
    };
    await allOf(Array.from({ length: lane.depth }, work));
    return vectors;
  }
  return {
    dim,
    encode,
    async flops(texts) {
      const { rows, known } = await tokenized(lane, texts, undefined);
      const lengths = batchesOf(rows, known, tokensOfBatch).flatMap((batch) => batch.rows.map(() => batch.length));
      return flopsByLength(lengths, (length) => encoderFlops(shape, vector, length));
    },
    encodeIds: (rows, watch = {}) => vectorsOf(rows, new Uint8Array(rows.length).fill(1), watch),
    close: () => lane.close(),
  };
}

/** Where jobs are done. */
interface Lane {
  /** Jobs that are given at a time. */
  depth: number;
  tokenize(texts: readonly string[]): Promise<TextIds>;
  vectors(batch: IdBatch): Promise<Float32Array>;
  close(): Promise<void>;
}

/** In the calling thread, which has its turn between jobs. */
function ownLane(data: EncoderJobsData): Lane {
  const jobs = encoderJobs(data);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    depth: 1,
    async tokenize(texts) {
      await turn();
      return jobs.tokenize(texts);
    },
    async vectors(batch) {
      await turn();
      return jobs.vectors(batch);
    },
    close: () => jobs.close(),
  };
}

/** On worker threads; the first starts with the first job, the others when it is not done by the next. */
function pooledLane(data: Omit<EncoderJobsData, "threads">, workers: number, threads: number): Lane {
  const module = new URL("./encoder-worker.js", import.meta.url);
  const each: EncoderJobsData = { ...data, threads };
  const pool: WorkerPool<EncoderJob, TextIds | Float32Array> = createWorkerPool({
    module,
    threads: workers,
    data: () => each,
  });
  return {
    // A worker with one job waiting behind the one at work never idles between the two.
    depth: 2 * workers,
    tokenize: async (texts) => (await pool.run({ texts })) as TextIds,
    vectors: async (batch) => (await pool.run({ batch }, [batch.ids.buffer as ArrayBuffer])) as Float32Array,
    close: () => pool.close(),
  };
}

async function tokenized(lane: Lane, texts: readonly string[], signal: AbortSignal | undefined) {
  const rows = new Array<Int32Array>(texts.length);
  const known = new Uint8Array(texts.length);
  let next = 0;
  const work = async () => {
    while (next < texts.length) {
      if (signal?.aborted) throw new CancelledError();
      const from = next;
      next += textsTokenizedAtOnce;
      const found = await lane.tokenize(texts.slice(from, from + textsTokenizedAtOnce));
      let at = 0;
      for (const [i, length] of found.lengths.entries()) {
        rows[from + i] = found.ids.subarray(at, at + length);
        at += length;
      }
      known.set(found.known, from);
    }
  };
  await allOf(Array.from({ length: lane.depth }, work));
  return { rows, known };
}

interface RowBatch {
  rows: number[];
  length: number;
}

/** The longest first, so that at the end no thread waits long for another. */
function batchesOf(ids: readonly Int32Array[], known: Uint8Array, tokens: number): RowBatch[] {
  const order = [...ids.keys()].filter((row) => known[row]).sort((a, b) => ids[b].length - ids[a].length || a - b);
  const batches: RowBatch[] = [];
  for (let from = 0; from < order.length; ) {
    const { length } = ids[order[from]];
    const rows = order.slice(from, from + Math.max(1, Math.floor(tokens / length)));
    batches.push({ rows, length });
    from += rows.length;
  }
  return batches;
}

function idsOf({ rows, length }: RowBatch, ids: readonly Int32Array[]): IdBatch {
  const all = new Int32Array(rows.length * length);
  for (const [i, row] of rows.entries()) all.set(ids[row], i * length);
  return { ids: all, lengths: Int32Array.from(rows, (row) => ids[row].length), length };
}

/** Threads share the graph until each has opened it. */
function sharedBytes(values: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(values.length));
  copy.set(values);
  return copy;
}

function sharedTable({ weights, quantized }: EncoderWeights): TokenTable {
  const integers = quantized?.get(encoderTable);
  if (!integers) return { data: shared(weights.get(encoderTable)!.data, Float32Array) };
  return { data: shared(integers.data, Int8Array), scales: shared(integers.scales, Float32Array) };
}

function shared<Values extends Float32Array | Int8Array>(
  values: Values,
  kind: new (memory: SharedArrayBuffer) => Values,
) {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = new kind(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/** Waits for all, then throws what the first failed with. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(works)) if (one.status === "rejected") throw one.reason;
}
