// A worker thread that builds one shard of an index at a time and saves it.
import { parentPort } from "node:worker_threads";
import { addRows, createNativeIndex } from "./usearch.js";

export interface ShardWork {
  path: string;
  dim: number;
  /** Number of the shard's first row. */
  first: number;
  vectors: Float32Array<ArrayBuffer>;
}

parentPort?.on("message", (work: ShardWork | "close") => {
  if (work === "close") {
    parentPort?.close();
    return;
  }
  const { path, dim, first, vectors } = work;
  try {
    const index = createNativeIndex(dim);
    addRows(index, first, vectors, dim);
    index.save(path);
    parentPort?.postMessage({});
  } catch (error) {
    parentPort?.postMessage({ error: String(error instanceof Error ? error.message : error) });
  }
});
