// Worker threads for the jobs of this folder, which work on one memory. What a job does stands in jobs.ts.
import type { Watch } from "../../base/progress.js";
import { createWorkerPool, runJobs } from "../../base/worker-pool.js";
import type { Arena, SharedMemory } from "../../kernels/index.js";
import type { Jobs } from "./jobs.js";

export type JobName = keyof Jobs;
export type JobInput<Name extends JobName> = Parameters<Jobs[Name]>[0];
export type JobResult<Name extends JobName> = ReturnType<Jobs[Name]>;

export interface Job {
  name: JobName;
  input: JobInput<JobName>;
}

/** Worker threads for the functions that take one; close it when done. */
export interface Pool {
  threads: number;
  /**
   * Runs all jobs, each on whichever thread is free; rejects with the first failure, or CancelledError between jobs.
   *
   * @internal
   */
  run<Name extends JobName>(
    name: Name,
    inputs: readonly JobInput<Name>[],
    watch?: Watch & { stage?: string },
  ): Promise<JobResult<Name>[]>;
  close(): Promise<void>;
}

export interface WorkerSetup {
  memory?: SharedMemory;
  /** Address of a place in the memory that this worker alone uses. */
  scratch: number;
}

const stopped = "Stopped before the vectors were ready; nothing was written.";

/** A pool of `threads` workers; their kernels work on the arena's memory, each with this many bytes of its own. */
export function createPool(threads: number, kernels?: { arena: Arena; scratchBytes: number }): Pool {
  const setups = Array.from({ length: threads }, (): WorkerSetup => {
    const scratch = kernels?.arena.allocate(kernels.scratchBytes) ?? 0;
    return { memory: kernels?.arena.memory, scratch };
  });
  const module = new URL("./worker.js", import.meta.url);
  const pool = createWorkerPool<Job, unknown>({ module, threads, data: (worker) => setups[worker] });
  return {
    threads,
    async run(name, inputs, watch) {
      const jobs = inputs.map((input) => ({ name, input }));
      return (await runJobs(pool, jobs, { ...watch, stopped })) as never;
    },
    close: pool.close,
  };
}
