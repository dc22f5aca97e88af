// Worker threads that turn inputs into outputs, whose order stays that of the inputs. Knows nothing of what they compute.
import { parentPort, type TransferListItem, Worker } from "node:worker_threads";

export interface OrderedWorkersOptions {
  /** The module that calls `serveInputs`. */
  module: URL;
  /** Handed to each worker as `workerData`. */
  data?: unknown;
  threads: number;
}

type Answer<Output> = { output: Output } | { error: Error };

/**
 * Sends each input to a worker that is free and yields the outputs in order. Few inputs are on their way at a time, so that
 * memory does not grow with their number. Workers end when the last output is taken, or the loop over them is left.
 *
 * @example
 * for await (const length of mapOrdered(texts, { module: new URL("./worker.js", import.meta.url), threads: 2 })) …
 */
export async function* mapOrdered<Input, Output>(
  inputs: AsyncIterable<Input> | Iterable<Input>,
  { module, data, threads }: OrderedWorkersOptions,
): AsyncGenerator<Output> {
  const workers = Array.from({ length: threads }, () => new OrderedWorker<Input, Output>(module, data));
  const pending: Promise<Output>[] = [];
  try {
    for await (const input of inputs) {
      // A worker with one input waiting behind the one at work never idles between the two.
      const worker = workers.reduce((best, one) => (one.waiting < best.waiting ? one : best));
      const output = worker.send(input);
      output.catch(() => undefined); // heard when it is awaited in its turn
      pending.push(output);
      while (pending.length > 2 * threads || workers.every(({ waiting }) => waiting > 1)) yield await pending.shift()!;
    }
    while (pending.length > 0) yield await pending.shift()!;
  } finally {
    for (const worker of workers) worker.close();
  }
}

class OrderedWorker<Input, Output> {
  private readonly worker: Worker;
  private readonly waiters: { resolve(output: Output): void; reject(error: Error): void }[] = [];
  private failure: Error | undefined;

  constructor(module: URL, data: unknown) {
    this.worker = new Worker(module, { workerData: data });
    this.worker.unref();
    this.worker.on("message", (answer: Answer<Output>) => {
      const waiter = this.waiters.shift();
      if ("error" in answer) waiter?.reject(answer.error);
      else waiter?.resolve(answer.output);
      if (this.waiters.length === 0) this.worker.unref();
    });
    this.worker.on("error", (error: Error) => {
      this.failure = error;
      for (const { reject } of this.waiters.splice(0)) reject(error);
    });
  }

  /** Inputs without an answer yet. */
  get waiting(): number {
    return this.waiters.length;
  }

  send(input: Input): Promise<Output> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiters.push({ resolve, reject });
      this.worker.ref();
      this.worker.postMessage({ input });
    });
  }

  /** It ends by itself after its last input. */
  close(): void {
    this.worker.postMessage({ close: true });
    this.worker.unref();
  }
}

/**
 * To be called in a worker's module, once: answers each input in turn.
 *
 * @param transfer - memory of the output that is handed over instead of copied.
 */
export function serveInputs<Input, Output>(
  answer: (input: Input) => Output,
  transfer: (output: Output) => TransferListItem[] = () => [],
): void {
  parentPort!.on("message", (message: { input: Input } | { close: true }) => {
    if ("close" in message) {
      parentPort!.close();
      return;
    }
    try {
      const output = answer(message.input);
      parentPort!.postMessage({ output }, transfer(output));
    } catch (error) {
      parentPort!.postMessage({ error: error instanceof Error ? error : new Error(String(error)) });
    }
  });
}
