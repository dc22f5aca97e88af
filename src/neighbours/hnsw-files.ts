// An approximate index as files: shards of a fixed number of rows, each built by one thread. So the files are the same
// for any number of threads, and memory stays bounded.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../base/errors.js";
import { createWorkerPool } from "../base/worker-pool.js";
import { checkHnswFile } from "./check-hnsw-file.js";
import type { ShardWork } from "./hnsw-worker.js";
import { createNativeIndex, type Neighbour, nearestRows, shardRows } from "./usearch.js";

const shardName = (shard: number) => `hnsw-${String(shard).padStart(4, "0")}.usearch`;

export interface HnswWriter {
  /** Rows in their order, any number at a time: (rows, dim). Waits while all threads are busy and the next shard is full. */
  add(vectors: Float32Array): Promise<void>;
  /** Builds what is left. The sizes of the files in bytes, in order. */
  finish(): Promise<number[]>;
  /** Ends the threads; call it in any case. */
  close(): Promise<void>;
}

/**
 * @example
 * const writer = createHnswWriter("index", { dim: 300, threads: 2 });
 * await writer.add(vectors);
 * await writer.finish();
 * await writer.close();
 */
export function createHnswWriter(
  folder: string,
  { dim, threads, rowsPerShard = shardRows }: { dim: number; threads: number; rowsPerShard?: number },
): HnswWriter {
  const pool = createWorkerPool<ShardWork, void>({ module: new URL("./hnsw-worker.js", import.meta.url), threads });
  const running = new Set<Promise<void>>();
  let waiting = new Float32Array(rowsPerShard * dim);
  let filled = 0;
  let shards = 0;

  async function add(vectors: Float32Array): Promise<void> {
    for (let at = 0; at < vectors.length; ) {
      const part = vectors.subarray(at, at + waiting.length - filled);
      waiting.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === waiting.length) await dispatch();
    }
  }

  async function dispatch(): Promise<void> {
    while (running.size >= threads) await Promise.race(running);
    const vectors = filled === waiting.length ? waiting : waiting.slice(0, filled);
    const shard = shards++;
    waiting = new Float32Array(rowsPerShard * dim);
    filled = 0;
    const work: ShardWork = { path: join(folder, shardName(shard)), dim, first: shard * rowsPerShard, vectors };
    const done: Promise<void> = build(work).finally(() => running.delete(done));
    running.add(done);
    done.catch(() => undefined); // whoever waits for it next gets the error
  }

  async function build(work: ShardWork): Promise<void> {
    try {
      await pool.run(work, [work.vectors.buffer]);
    } catch (error) {
      throw new Error(`Building ${work.path} failed: ${(error as Error).message}`, { cause: error });
    }
  }

  async function finish(): Promise<number[]> {
    if (filled > 0) await dispatch();
    await Promise.all(running);
    return Array.from({ length: shards }, (_, shard) => statSync(join(folder, shardName(shard))).size);
  }

  async function close(): Promise<void> {
    await Promise.allSettled(running);
    await pool.close();
  }
  return { add, finish, close };
}

export interface HnswFiles {
  /** The nearest rows, nearest first. */
  search(vector: Float32Array, count: number): Neighbour[];
}

/**
 * Reads the files whole, so that `openHnswFiles` can follow every number in them. Call it once after every change of a file.
 *
 * @throws UserError for a file that is missing, damaged or of other rows
 */
export function checkHnswFiles(folder: string, dim: number, rows: number, sizes: readonly number[]): void {
  let first = 0;
  for (const [shard, size] of sizes.entries()) first += checkHnswFile(ofSize(folder, shard, size), { dim, first });
  if (first !== rows)
    throw new UserError(`${folder} is damaged: its index has ${first} rows, not ${rows}. Build the index again.`);
}

/**
 * Opens the files without reading them whole: the system loads what a search touches. They must have passed `checkHnswFiles`:
 * the library checks little, and a damaged file ends the process.
 *
 * @param sizes - bytes of each file, as `finish` gave them.
 * @throws UserError for a file that is missing, cut or of other vectors
 */
export function openHnswFiles(folder: string, dim: number, sizes: readonly number[]): HnswFiles {
  const shards = sizes.map((size, shard) => {
    const path = ofSize(folder, shard, size);
    const index = createNativeIndex(dim);
    try {
      index.view(path);
    } catch (error) {
      throw new UserError(
        `${path} could not be opened (${(error as Error).message}). Copy the whole folder again or build the index again.`,
        { cause: error },
      );
    }
    if (index.dimensions() !== dim)
      throw new UserError(
        `${path} contains vectors of ${index.dimensions()} dimensions, not ${dim}. Build the index again.`,
      );
    return index;
  });
  return {
    search: (vector, count) =>
      shards
        .flatMap((shard) => nearestRows(shard, vector, Math.min(count, shard.size())))
        .sort((a, b) => b.similarity - a.similarity || a.row - b.row)
        .slice(0, count),
  };
}

function ofSize(folder: string, shard: number, size: number): string {
  const path = join(folder, shardName(shard));
  const found = existsSync(path) ? statSync(path).size : undefined;
  if (found === size) return path;
  throw new UserError(
    `${path} ${found === undefined ? "is missing" : `has ${found} bytes, not ${size}`}. ` +
      "Copy the whole folder again or build the index again.",
  );
}
