// Worker threads that take jobs one by one. What a job does stands in worker.ts; results come in the order of the jobs.

import { Worker } from "node:worker_threads";
import { CancelledError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import type { Arena, SharedMemory } from "../../kernels/index.js";
import type { Jobs } from "./jobs.js";

export type JobName = keyof Jobs;
export type JobInput<Name extends JobName> = Parameters<Jobs[Name]>[0];
export type JobResult<Name extends JobName> = Awaited<ReturnType<Jobs[Name]>>;

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

export interface Reply {
  result?: unknown;
  error?: string;
}

/** Starts `threads` workers; their kernels work on the arena's memory, each with this many bytes of its own. */
export function createPool(threads: number, kernels?: { arena: Arena; scratchBytes: number }): Pool {
  const workers = Array.from({ length: threads }, () => {
    const scratch = kernels?.arena.allocate(kernels.scratchBytes) ?? 0;
    const setup: WorkerSetup = { memory: kernels?.arena.memory, scratch };
    return new Worker(new URL("./worker.js", import.meta.url), { workerData: setup });
  });
  // A second listener may be needed at once for each of the jobs in flight.
  for (const worker of workers) worker.setMaxListeners(0);

  function ask(worker: Worker, name: JobName, input: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onMessage = (reply: Reply) =>
        settle(() => (reply.error ? reject(new Error(reply.error)) : resolve(reply.result)));
      const onError = (error: Error) => settle(() => reject(error));
      const onExit = () => settle(() => reject(new Error("a worker thread ended unexpectedly")));
      function settle(then: () => void) {
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        then();
      }
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      worker.postMessage({ name, input });
    });
  }

  return {
    threads,
    async run(name, inputs, { onProgress, signal, stage } = {}) {
      const results: unknown[] = new Array(inputs.length);
      let next = 0;
      let done = 0;
      let failed = false;
      const work = async (worker: Worker) => {
        while (next < inputs.length && !failed) {
          if (signal?.aborted) throw new CancelledError("Stopped before the vectors were ready; nothing was written.");
          const index = next++;
          results[index] = await ask(worker, name, inputs[index]);
          done++;
          if (stage !== undefined) onProgress?.({ stage, done, total: inputs.length });
        }
      };
      const ended = await Promise.allSettled(
        workers.map((worker) =>
          work(worker).catch((error) => {
            failed = true;
            throw error;
          }),
        ),
      );
      for (const one of ended) if (one.status === "rejected") throw one.reason;
      return results as never;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
