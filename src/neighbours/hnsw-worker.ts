// A worker thread that builds one shard of an index at a time and saves it.
import { serveJobs } from "../base/worker-pool.js";
import { addRows, createNativeIndex } from "./usearch.js";

export interface ShardWork {
  path: string;
  dim: number;
  /** Number of the shard's first row. */
  first: number;
  vectors: Float32Array<ArrayBuffer>;
}

serveJobs(({ path, dim, first, vectors }: ShardWork) => {
  const index = createNativeIndex(dim);
  addRows(index, first, vectors, dim);
  index.save(path);
});
