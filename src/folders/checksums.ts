// The SHA-256 of several files: of large ones on worker threads, which need nothing of the thread that asked, so that it can
// read the same files meanwhile.
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createWorkerPool } from "../base/worker-pool.js";
import { fileSha256 } from "./file-sha256.js";

/** Up to so many bytes a worker would take longer to start than the hashing. */
const smallBytes = 8 << 20;
/** More threads read faster than a disk gives. */
const mostWorkers = 4;

/** In the order of the paths. Work has begun when this returns. */
export async function checksumsOf(paths: readonly string[]): Promise<string[]> {
  const sizes = paths.map((path) => statSync(path).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= smallBytes) return paths.map(fileSha256);
  const lists = Array.from({ length: Math.min(mostWorkers, availableParallelism(), paths.length) }, () => ({
    bytes: 0,
    files: [] as number[],
  }));
  for (const file of [...paths.keys()].sort((a, b) => sizes[b] - sizes[a])) {
    const least = lists.reduce((best, one) => (one.bytes < best.bytes ? one : best));
    least.files.push(file);
    least.bytes += sizes[file];
  }
  const module = new URL("./checksum-worker.js", import.meta.url);
  const pool = createWorkerPool<string[], string[]>({ module, threads: lists.length });
  try {
    // One job a thread: for a second one it would have to wait until the calling thread has time.
    const found = await Promise.all(lists.map(({ files }) => pool.run(files.map((file) => paths[file]))));
    const checksums = new Array<string>(paths.length);
    for (const [list, { files }] of lists.entries())
      for (const [i, file] of files.entries()) checksums[file] = found[list][i];
    return checksums;
  } finally {
    await pool.close();
  }
}
