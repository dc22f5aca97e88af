// Cuts rows into batches and batches into shards. The number of shards follows from the batch size alone, so that the
// same rows give the same bits on any number of threads.
import type { Feeds } from "../runtime/index.js";
import type { ModelInputs } from "./read-inputs.js";
import type { NumberRows } from "./tensor-data.js";

/** Rows with targets and weights, ready to be cut. */
export interface DataSet {
  inputs: ModelInputs;
  inputNames: readonly string[];
  targets: NumberRows[];
  targetNames: readonly string[];
  /** One a row. */
  weights: Float32Array;
}

export interface ShardPlan {
  shards: number;
  rowsPerShard: number;
}

export interface ShardedRows {
  shards: Feeds[];
  /** Rows of each shard that are not padding; they come first. */
  rowsOf: number[];
  rows: number;
  weight: number;
}

/** Name of the input for the rows' weights. Spaces and slashes keep it apart from a model's own inputs. */
export const weightsName = "row weights";
export const targetName = (output: string) => `target ${output}`;

export function planShards(batchSize: number, shards = batchSize >= 8 ? 2 : 1): ShardPlan {
  return { shards: Math.min(shards, batchSize), rowsPerShard: Math.ceil(batchSize / Math.min(shards, batchSize)) };
}

/**
 * Batches in the order of `order`. A short one is filled up with its own first row at weight 0, so that every shard
 * has one shape; a shard without any row is left out. Weights are divided by their sum over the batch.
 */
export function* cutBatches(
  data: DataSet,
  order: Int32Array,
  batchSize: number,
  { rowsPerShard }: ShardPlan,
): Generator<ShardedRows> {
  for (let start = 0; start < order.length; start += batchSize) {
    const rows = order.subarray(start, Math.min(start + batchSize, order.length));
    let weight = 0;
    for (const row of rows) weight += data.weights[row];
    const batch: ShardedRows = { shards: [], rowsOf: [], rows: rows.length, weight };
    for (let from = 0; from < rows.length; from += rowsPerShard) {
      const own = rows.subarray(from, from + rowsPerShard);
      batch.shards.push(shardFeeds(data, own, rowsPerShard, weight));
      batch.rowsOf.push(own.length);
    }
    yield batch;
  }
}

function shardFeeds(data: DataSet, rows: Int32Array, rowsPerShard: number, totalWeight: number): Feeds {
  const feeds: Record<string, Float32Array | Int32Array> = {};
  for (const [i, name] of data.inputNames.entries()) feeds[name] = pickRows(data.inputs.arrays[i], rows, rowsPerShard);
  for (const [i, name] of data.targetNames.entries()) feeds[name] = pickRows(data.targets[i], rows, rowsPerShard);
  const weights = new Float32Array(rowsPerShard);
  if (totalWeight > 0) for (const [i, row] of rows.entries()) weights[i] = data.weights[row] / totalWeight;
  feeds[weightsName] = weights;
  return feeds;
}

function pickRows({ data, sizes }: NumberRows, rows: Int32Array, count: number): Float32Array | Int32Array {
  const width = sizes.reduce((product, size) => product * size, 1);
  const picked = data instanceof Float32Array ? new Float32Array(count * width) : new Int32Array(count * width);
  for (let i = 0; i < count; i++) {
    const row = i < rows.length ? rows[i] : rows[0];
    picked.set(data.subarray(row * width, (row + 1) * width) as Float32Array, i * width);
  }
  return picked;
}
