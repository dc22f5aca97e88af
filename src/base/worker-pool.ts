// Worker threads that turn inputs into outputs, as a stream in order or as a list of jobs. Knows nothing of what they compute:
// that stands in a module that calls `serveJobs`.
import { parentPort, type TransferListItem, Worker } from "node:worker_threads";
import { CancelledError, UserError } from "./errors.js";
import { option } from "./option.js";
import type { Watch } from "./progress.js";

export interface WorkerPoolOptions {
  /** The module that calls `serveJobs`. */
  module: URL;
  threads: number;
  /** Handed to each worker as `workerData`, by its number. */
  data?(worker: number): unknown;
}

export interface WorkerPool<Input, Output> {
  readonly threads: number;
  /**
   * One job, on the worker with the fewest before it; a worker starts when the others have work. Rejects with what the job
   * threw, or where its thread ends.
   *
   * @param transfer - memory of the input that is handed over instead of copied
   */
  run(input: Input, transfer?: TransferListItem[]): Promise<Output>;
  /** Ends the threads. Jobs that are under way are given up. */
  close(): Promise<void>;
}

/**
 * Idle workers do not keep the program alive.
 *
 * @example
 * const pool = createWorkerPool<string, number>({ module: new URL("./worker.js", import.meta.url), threads: 2 });
 * const lengths = await runJobs(pool, ["a", "bc"]);
 * await pool.close();
 */
export function createWorkerPool<Input, Output>(options: WorkerPoolOptions): WorkerPool<Input, Output> {
  const { module, threads, data } = options;
  const workers: PoolWorker<Input, Output>[] = [];
  return {
    threads,
    run(input, transfer) {
      let chosen = workers.reduce<PoolWorker<Input, Output> | undefined>(
        (best, one) => (best === undefined || one.waiting < best.waiting ? one : best),
        undefined,
      );
      if (chosen === undefined || (chosen.waiting > 0 && workers.length < threads)) {
        chosen = new PoolWorker(module, data?.(workers.length));
        workers.push(chosen);
      }
      return chosen.run(input, transfer);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

/**
 * All jobs, each when a thread is free; outputs in the order of the inputs. After a failure or an abort no further job is
 * begun, and those under way are waited for.
 *
 * @throws CancelledError after an abort, which says `stopped`
 */
export async function runJobs<Input, Output>(
  pool: WorkerPool<Input, Output>,
  inputs: readonly Input[],
  { onProgress, signal, stage, stopped }: Watch & { stage?: string; stopped?: string } = {},
): Promise<Output[]> {
  const outputs = new Array<Output>(inputs.length);
  let [next, done, failed] = [0, 0, false];
  async function work(): Promise<void> {
    while (next < inputs.length && !failed) {
      if (signal?.aborted) throw new CancelledError(stopped);
      const index = next++;
      outputs[index] = await pool.run(inputs[index]);
      done++;
      if (stage !== undefined) onProgress?.({ stage, done, total: inputs.length });
    }
  }
  const ended = await Promise.allSettled(
    Array.from({ length: pool.threads }, () =>
      work().catch((error) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const one of ended) if (one.status === "rejected") throw one.reason;
  return outputs;
}

/**
 * Yields the outputs in the order of the inputs. Few inputs are on their way at a time, so that memory does not grow with their
 * number. Workers end when the last output is taken, or the loop over them is left.
 *
 * @example
 * for await (const length of mapOrdered(texts, { module: new URL("./worker.js", import.meta.url), threads: 2 })) …
 */
export async function* mapOrdered<Input, Output>(
  inputs: AsyncIterable<Input> | Iterable<Input>,
  options: WorkerPoolOptions,
): AsyncGenerator<Output> {
  const pool = createWorkerPool<Input, Output>(options);
  const pending: Promise<Output>[] = [];
  try {
    for await (const input of inputs) {
      const output = pool.run(input);
      output.catch(() => undefined); // heard when it is awaited in its turn
      pending.push(output);
      // A worker with one input waiting behind the one at work never idles between the two.
      while (pending.length >= 2 * options.threads) yield await pending.shift()!;
    }
    while (pending.length > 0) yield await pending.shift()!;
  } finally {
    await pool.close();
  }
}

/** Errors lose their class between threads: of those that a user can mend, the text is handed over. */
type Answer<Output> = { output: Output } | { told: string } | { error: Error };

class PoolWorker<Input, Output> {
  private readonly worker: Worker;
  private readonly waiters: { resolve(output: Output): void; reject(error: Error): void }[] = [];
  private failure: Error | undefined;
  /** Its end is waited for: until then it keeps the program alive. */
  private isClosing = false;

  constructor(module: URL, data: unknown) {
    this.worker = new Worker(module, { workerData: data });
    this.worker.unref();
    this.worker.on("message", (answer: Answer<Output>) => {
      const waiter = this.waiters.shift();
      if (this.waiters.length === 0 && !this.isClosing) this.worker.unref();
      if ("told" in answer) waiter?.reject(new UserError(answer.told));
      else if ("error" in answer) waiter?.reject(answer.error);
      else waiter?.resolve(answer.output);
    });
    this.worker.on("error", (error) => this.fail(error));
    this.worker.on("exit", () => this.fail(new Error("a worker thread ended unexpectedly")));
  }

  /** Inputs without an answer yet. */
  get waiting(): number {
    return this.waiters.length;
  }

  run(input: Input, transfer: TransferListItem[] = []): Promise<Output> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.worker.postMessage({ input }, transfer);
      this.waiters.push({ resolve, reject });
      this.worker.ref();
    });
  }

  /** An idle worker ends by itself: it may hold what a library made, which is freed then. */
  async close(): Promise<void> {
    if (this.failure) return;
    this.isClosing = true;
    if (this.waiting > 0) return void (await this.worker.terminate());
    this.worker.ref();
    const ended = new Promise((resolve) => this.worker.once("exit", resolve));
    this.worker.postMessage("close");
    await ended;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiters.splice(0)) reject(this.failure);
  }
}

/**
 * To be called in a worker's module, once: answers each input in turn.
 *
 * @param transfer - memory of the output that is handed over instead of copied
 * @param close - called before the thread ends
 */
export function serveJobs<Input, Output>(
  answer: (input: Input) => Output | Promise<Output>,
  transfer: (output: Output) => TransferListItem[] = () => [],
  close: () => void | Promise<void> = () => {},
): void {
  let turn = Promise.resolve();
  const serve = async (message: { input: Input } | "close") => {
    if (message === "close") {
      await close();
      parentPort!.close();
      return;
    }
    try {
      const output = await answer(message.input);
      parentPort!.postMessage({ output }, transfer(output));
    } catch (error) {
      if (error instanceof UserError) parentPort!.postMessage({ told: error.spelled(option) });
      else parentPort!.postMessage({ error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  parentPort!.on("message", (message: { input: Input } | "close") => {
    turn = turn.then(() => serve(message));
  });
}
