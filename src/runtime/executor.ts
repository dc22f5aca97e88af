// Runs training steps and forward passes on worker threads. Knows graphs and arrays, nothing of layers or texts.
//
// A batch comes as shards. They are dealt out to a fixed number of lanes, whose gradients are added in the order of their
// shards, and then in the order of the lanes. So the same seed gives the same bits on any number of threads.
import "./no-telemetry.js";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { elementCount } from "../graph/index.js";
import { type OptimizerName, type OptimizerOptions, resolveOptimizer } from "../optim/index.js";
import { giveUp } from "./barrier.js";
import { flushDenormals } from "./flush-denormals.js";
import { allocateMemory, floatsAt, type ParameterInit } from "./memory.js";
import type { Feeds, Reply, Request, Results, RunMessage, TableRows, WorkerSetup } from "./messages.js";
import type { StepGraph } from "./step-graph.js";

export interface ExecutorOptions {
  /** What is learnt: names, shapes and first values. */
  parameters: readonly ParameterInit[];
  /** Adam at 0.001 when left out. */
  optimizer?: OptimizerName | OptimizerOptions;
  /**
   * Shards that can be computed side by side: 2 where it is left out. A batch of more shards is computed in turns, and its
   * gradients accumulate.
   */
  shards?: number;
  /** Threads in all; by default as many as the machine has. */
  threads?: number;
  /** For dropout. */
  seed?: number;
}

export interface Executor {
  /** Forward, backward and optimizer. The loss is the sum of the shards' losses. */
  step(
    key: string,
    build: () => StepGraph,
    shards: readonly Feeds[],
    options?: { learningRate?: number },
  ): Promise<StepResult>;
  /** Forward alone; one result a shard. */
  forward(key: string, build: () => StepGraph, shards: readonly Feeds[]): Promise<Results[]>;
  /** Live views by name: copy them to keep them. */
  parameters(): ReadonlyMap<string, Float32Array>;
  setParameters(values: ReadonlyMap<string, Float32Array>): void;
  /** What the optimizer remembers: live views by parameter, and the steps done. */
  optimizerState(): OptimizerMemory;
  setOptimizerState(state: OptimizerMemory): void;
  close(): Promise<void>;
}

export interface OptimizerMemory {
  /** Steps done. */
  step: number;
  moment1: ReadonlyMap<string, Float32Array>;
  moment2: ReadonlyMap<string, Float32Array>;
}

export interface StepResult {
  loss: number;
  outputs: Results[];
}

/**
 * @example
 * const executor = await createExecutor({ parameters: [{ name: "w", shape: [2], data: new Float32Array(2) }] });
 * const { loss } = await executor.step("8x16", () => compileStep({ loss }), [feeds]);
 * await executor.close();
 */
export async function createExecutor(options: ExecutorOptions): Promise<Executor> {
  await flushDenormals();
  const lanes = options.shards ?? 2;
  const threads = Math.max(1, options.threads ?? availableParallelism());
  const workerCount = Math.min(threads, lanes);
  const optimizer = resolveOptimizer(options.optimizer ?? "adam");
  const memory = allocateMemory(options.parameters, lanes);
  const places = new Map(memory.places.map((place) => [place.name, place]));
  const values = floatsAt(memory, memory.parameters);
  const moments = { moment1: floatsAt(memory, memory.moment1), moment2: floatsAt(memory, memory.moment2) };
  const frozen = new Set(options.parameters.filter(({ trainable }) => trainable === false).map(({ name }) => name));
  const graphs = new Map<string, StepGraph>();
  /** Per graph, by shard and look-up; grows with the largest batch. */
  const lookupGradients = new Map<string, SharedArrayBuffer[][]>();
  let version = 0;
  let step = 0;
  let failure: Error | undefined;

  const workers = Array.from({ length: workerCount }, (_, index) => {
    const setup: WorkerSetup = {
      index,
      workers: workerCount,
      lanes,
      threadsPerSession: Math.max(1, Math.floor(threads / workerCount)),
      seed: options.seed ?? 0,
      optimizer,
      memory,
    };
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: setup });
    // Idle workers do not keep the program alive.
    worker.unref();
    return worker;
  });

  function postAll(request: Request): void {
    for (const worker of workers) worker.postMessage(request);
  }

  function reply(worker: Worker): Promise<Reply> {
    worker.ref();
    return new Promise((resolve, reject) => {
      const onMessage = (message: Reply) => settle(() => resolve(message));
      const onError = (error: Error) => settle(() => reject(error));
      const onExit = () => settle(() => reject(new Error("it ended unexpectedly")));
      function settle(then: () => void) {
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        worker.unref();
        then();
      }
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    });
  }

  function prepare(key: string, build: () => StepGraph): StepGraph {
    let graph = graphs.get(key);
    if (!graph) {
      graph = build();
      for (const { parameter } of graph.gradients)
        if (frozen.has(parameter)) throw new Error(`parameter '${parameter}' is frozen, but its gradient is computed`);
      graphs.set(key, graph);
      postAll({ kind: "graph", key, graph });
    }
    return graph;
  }

  function lookupGradientsFor(key: string, { lookups }: StepGraph, shards: number): SharedArrayBuffer[][] {
    const known = lookupGradients.get(key) ?? [];
    while (known.length < shards)
      known.push(lookups.map(({ shape, gradient }) => new SharedArrayBuffer(gradient ? 4 * elementCount(shape) : 0)));
    lookupGradients.set(key, known);
    return known.slice(0, shards);
  }

  const viewsOf = (array: Float32Array) =>
    new Map(memory.places.map(({ name, offset, length }) => [name, array.subarray(offset, offset + length)]));

  function write(array: Float32Array, given: ReadonlyMap<string, Float32Array>): void {
    for (const [name, data] of given) {
      const place = places.get(name);
      if (!place || place.length !== data.length) throw new Error(`no parameter '${name}' of ${data.length} numbers`);
      array.set(data, place.offset);
    }
  }

  async function run(message: RunMessage): Promise<Results[]> {
    if (failure) throw failure;
    const replies = workers.map(reply);
    postAll(message);
    for (const one of replies) one.catch(() => giveUp(new Int32Array(memory.control)));
    const done = await Promise.allSettled(replies);
    failure = firstFailure(done);
    if (failure) {
      await close();
      throw failure;
    }
    const outputs: Results[] = new Array(message.shards.length);
    for (const one of done)
      if (one.status === "fulfilled" && "results" in one.value)
        for (const { shard, outputs: results } of one.value.results) outputs[shard] = results;
    return outputs;
  }

  let closed: Promise<void> | undefined;
  function close(): Promise<void> {
    closed ??= Promise.all(workers.map(endWorker)).then(() => {});
    return closed;
  }

  return {
    async step(key, build, shards, { learningRate = optimizer.learningRate } = {}) {
      const graph = prepare(key, build);
      step++;
      const rows = planRows(graph, shards, (table) => places.get(table)!.shape[0]);
      const outputs = await run({
        kind: "run",
        key,
        shards: [...shards],
        version,
        update: { step, learningRate, rows, lookupGradients: lookupGradientsFor(key, graph, shards.length) },
      });
      version++;
      const loss = outputs.reduce((sum, { loss }) => sum + Number(loss[0]), 0);
      return { loss, outputs };
    },
    forward(key, build, shards) {
      prepare(key, build);
      return run({ kind: "run", key, shards: [...shards], version });
    },
    parameters: () => viewsOf(values),
    setParameters(given) {
      write(values, given);
      version++;
    },
    optimizerState: () => ({ step, moment1: viewsOf(moments.moment1), moment2: viewsOf(moments.moment2) }),
    setOptimizerState(state) {
      write(moments.moment1, state.moment1);
      write(moments.moment2, state.moment2);
      step = state.step;
    },
    close,
  };
}

function endWorker(worker: Worker): Promise<void> {
  worker.ref();
  return new Promise((resolve) => {
    if (worker.threadId < 0) return resolve();
    worker.once("exit", () => resolve());
    worker.postMessage({ kind: "close" } satisfies Request);
  });
}

/** The error of the worker that failed first; the others report that they were let go. */
function firstFailure(done: readonly PromiseSettledResult<Reply>[]): Error | undefined {
  const errors = done.flatMap((one) => {
    if (one.status === "rejected") return [String(one.reason)];
    return "error" in one.value ? [one.value.error] : [];
  });
  if (errors.length === 0) return undefined;
  const cause = errors.find((error) => !error.includes("another training worker failed")) ?? errors[0];
  return new Error(`a training worker failed: ${cause}`);
}

/** Which rows of which tables the batch names, and where. Rows in rising order: the update then walks memory forwards. */
function planRows(graph: StepGraph, shards: readonly Feeds[], rowsOf: (table: string) => number): TableRows[] {
  return [...new Set(graph.lookups.map(({ table }) => table))].map((table) => {
    const rowCount = rowsOf(table);
    const positions = shards.flatMap((feeds, shard) =>
      graph.lookups.flatMap((slot, lookup) =>
        slot.table === table ? [{ shard, lookup, ids: feeds[slot.ids] as Int32Array }] : [],
      ),
    );
    const rank = new Int32Array(rowCount);
    for (const { ids } of positions) {
      for (const row of ids) {
        if (!(row >= 0 && row < rowCount)) throw new Error(`row ${row} is not in table '${table}' of ${rowCount} rows`);
        rank[row] = 1;
      }
    }
    let count = 0;
    for (let row = 0; row < rowCount; row++) if (rank[row] === 1) rank[row] = count++;
    const unique = new Int32Array(count);
    const places = positions.map(({ shard, lookup, ids }) => {
      const at = new Int32Array(ids.length);
      for (let i = 0; i < ids.length; i++) {
        at[i] = rank[ids[i]];
        unique[at[i]] = ids[i];
      }
      return { shard, lookup, at };
    });
    return { table, unique, places, squares: new SharedArrayBuffer(Math.max(8, count * 8)) };
  });
}
