// Runs training steps and forward passes on worker threads. Knows graphs and arrays, nothing of layers or texts.
//
// A batch comes as shards. They are dealt out to a fixed number of lanes, whose gradients are added in the order of their
// shards, and then in the order of the lanes; a shard is computed on one thread. So the same seed gives the same bits on
// any number of threads.
import "./no-telemetry.js";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { elementCount } from "../graph/index.js";
import { type OptimizerName, type OptimizerOptions, resolveOptimizer } from "../optim/index.js";
import { giveUp } from "./barrier.js";
import { flushDenormals } from "./flush-denormals.js";
import { createLazyTables } from "./lazy-tables.js";
import { allocateMemory, floatsAt, type ParameterInit, type Place, rowStepsOf, valuesOf } from "./memory.js";
import type { Feeds, Reply, Request, Results, RunMessage, WorkerSetup } from "./messages.js";
import { createRowPlanner } from "./plan-rows.js";
import type { StepGraph } from "./step-graph.js";

export interface ExecutorOptions {
  /** Names, shapes and initial values. Frozen ones cost 4 bytes a number, those that are trained 12 and 4 for each shard. */
  parameters: readonly ParameterInit[];
  /** Default: Adam at 0.001. */
  optimizer?: OptimizerName | OptimizerOptions;
  /**
   * Shards that can be computed in parallel, each on one thread: 2 by default. A batch of more shards is computed in
   * turns, and its gradients accumulate.
   */
  shards?: number;
  /** Most threads; by default one per core. No more than `shards` are used. */
  threads?: number;
  /** Seed of dropout. */
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
  /** Forward pass only; one result per shard. */
  forward(key: string, build: () => StepGraph, shards: readonly Feeds[]): Promise<Results[]>;
  /** Names of the parameters that are not frozen. */
  readonly trained: readonly string[];
  /** Views by name, valid until the next step: copy them to keep them. */
  parameters(): ReadonlyMap<string, Float32Array>;
  setParameters(values: ReadonlyMap<string, Float32Array>): void;
  /** The full training state. Live views: copy them to keep them. */
  state(): ExecutorState;
  /** Continues from a state, with the same bits as the original run. */
  restore(state: ExecutorState): void;
  close(): Promise<void>;
}

export interface ExecutorState {
  /** Steps done. */
  step: number;
  /** Learning rates of the last steps, which rows of lookup tables may still have to apply. */
  learningRates: Float64Array;
  /** By parameter. Rows of lookup tables are as of their own last step. */
  parameters: ReadonlyMap<string, Float32Array>;
  /** Moments and row steps: of the trained parameters alone. */
  moment1: ReadonlyMap<string, Float32Array>;
  moment2: ReadonlyMap<string, Float32Array>;
  /** By lookup table: the last step of each row. */
  rowSteps: ReadonlyMap<string, Int32Array>;
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
  const frozen = new Map(memory.frozen.map((parameter) => [parameter.name, parameter]));
  const values = valuesOf(memory);
  const moments = { moment1: floatsAt(memory, memory.moment1), moment2: floatsAt(memory, memory.moment2) };
  const rowSteps = rowStepsOf(memory);
  const tables = createLazyTables(memory, optimizer, lanes);
  const planRows = createRowPlanner((table) => (places.get(table) ?? frozen.get(table)!).shape[0]);
  const graphs = new Map<string, StepGraph>();
  /** Per graph, by shard and look-up; grows with the largest batch. */
  const lookupGradients = new Map<string, SharedArrayBuffer[][]>();
  let failure: Error | undefined;

  const workers = Array.from({ length: workerCount }, (_, index) => {
    const setup: WorkerSetup = {
      index,
      workers: workerCount,
      lanes,
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
      for (const { parameter } of graph.gradients) {
        if (frozen.has(parameter)) throw new Error(`parameter '${parameter}' is frozen, but its gradient is computed`);
        if (tables.has(parameter)) throw new Error(`table '${parameter}' is trained both by rows and as a whole`);
      }
      const learnt = graph.lookups.filter(({ gradient }) => gradient).map(({ table }) => table);
      for (const table of learnt)
        if (frozen.has(table)) throw new Error(`table '${table}' is frozen, but its gradient is computed`);
      for (const table of learnt) addTable(table);
      graphs.set(key, graph);
      postAll({ kind: "graph", key, graph });
    }
    return graph;
  }

  /** Its rows begin here: what was before did not move it. */
  function addTable(name: string): void {
    if (tables.has(name)) return;
    rowStepsIn(name).fill(tables.history().step);
    tables.add(name);
  }

  function rowStepsIn(table: string): Int32Array {
    const { firstRow, shape } = places.get(table)!;
    return rowSteps.subarray(firstRow, firstRow + shape[0]);
  }

  function lookupGradientsFor(key: string, { lookups }: StepGraph, shards: number): SharedArrayBuffer[][] {
    const known = lookupGradients.get(key) ?? [];
    while (known.length < shards)
      known.push(lookups.map(({ shape, gradient }) => new SharedArrayBuffer(gradient ? 4 * elementCount(shape) : 0)));
    lookupGradients.set(key, known);
    return known.slice(0, shards);
  }

  /** Of the trained parameters. */
  const viewsOf = (array: Float32Array) =>
    new Map(memory.places.map((place) => [place.name, viewOf(array, place)] as const));

  function write(given: ReadonlyMap<string, Float32Array>): void {
    for (const [name, data] of given) {
      const own = values.get(name);
      if (own?.length !== data.length) throw new Error(`no parameter '${name}' of ${data.length} numbers`);
      own.set(data);
    }
  }

  /** Moments of parameters that are frozen now, which were trained when the state was taken, are left out. */
  function writeMoments(kind: "moment1" | "moment2", given: ReadonlyMap<string, Float32Array>): void {
    for (const [name, view] of viewsOf(moments[kind])) {
      const data = given.get(name);
      if (data?.length !== view.length)
        throw new Error(`the state has no ${kind} of ${view.length} numbers for parameter '${name}', which is trained`);
      view.set(data);
    }
  }

  /** The values of a look-up table. They are laid out where its gradient stands in a step, which begins there anew. */
  function upToDate(table: string): Float32Array {
    const place = places.get(table)!;
    const copy = viewOf(floatsAt(memory, memory.gradients[0]), place);
    tables.read(copy, place);
    return copy;
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
      const step = tables.history().step + 1;
      const rows = planRows(graph, shards);
      const outputs = await run({
        kind: "run",
        key,
        shards: [...shards],
        update: { step, learningRate, rows, lookupGradients: lookupGradientsFor(key, graph, shards.length) },
      });
      tables.advance(learningRate);
      if (tables.isDue()) tables.forget();
      const loss = outputs.reduce((sum, { loss }) => sum + Number(loss[0]), 0);
      return { loss, outputs };
    },
    forward(key, build, shards) {
      prepare(key, build);
      return run({ kind: "run", key, shards: [...shards] });
    },
    trained: [...places.keys()],
    parameters: () => new Map([...values, ...tables.names().map((name) => [name, upToDate(name)] as const)]),
    setParameters(given) {
      // The moments of a row that is behind belong to its values before.
      tables.settle((count) => ({ from: 0, to: count }));
      write(given);
      postAll({ kind: "set" });
    },
    state() {
      const { step, learningRates } = tables.history();
      return {
        step,
        learningRates: Float64Array.from(learningRates),
        parameters: new Map(values),
        moment1: viewsOf(moments.moment1),
        moment2: viewsOf(moments.moment2),
        rowSteps: new Map(tables.names().map((name) => [name, rowStepsIn(name)])),
      };
    },
    restore({ step, learningRates, parameters, moment1, moment2, rowSteps }) {
      write(parameters);
      writeMoments("moment1", moment1);
      writeMoments("moment2", moment2);
      const learnt = [...rowSteps].filter(([name]) => !frozen.has(name));
      for (const [name, steps] of learnt) {
        tables.add(name);
        rowStepsIn(name).set(steps);
      }
      const history = { step, learningRates: [...learningRates] };
      tables.restart(history);
      postAll({ kind: "restore", ...history, tables: learnt.map(([name]) => name) });
    },
    close,
  };
}

const viewOf = (array: Float32Array, { offset, length }: Place): Float32Array =>
  array.subarray(offset, offset + length);

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
