// A training worker: runs its shards, then its part of the sum, the clipping and the optimizer.
import { parentPort, workerData } from "node:worker_threads";
import { mixSeed } from "../base/random.js";
import { elementCount } from "../graph/index.js";
import { giveUp } from "./barrier.js";
import { createLazyTables } from "./lazy-tables.js";
import { floatsAt, type Parameter } from "./memory.js";
import type { GraphMessage, Reply, Request, Results, RunMessage, UpdateRequest, WorkerSetup } from "./messages.js";
import { openShardSession, type ShardSession } from "./shard-session.js";
import type { Slot } from "./step-graph.js";
import { createWorkerUpdate } from "./update.js";

const setup = workerData as WorkerSetup;
const { index, workers, lanes, seed, memory } = setup;
const places = new Map(memory.places.map((place) => [place.name, place]));
const frozen = new Map(memory.frozen.map((parameter) => [parameter.name, parameter]));
const laneGradients = memory.gradients.map((address) => floatsAt(memory, address));
const control = new Int32Array(memory.control);
const tables = createLazyTables(memory, setup.optimizer, index);
const update = createWorkerUpdate(setup, tables);

/** ONNX Runtime takes no shared arrays, so each worker keeps a copy of the dense parameters that its graphs use. */
const copies = new Map<string, Float32Array>();
/** Of whole parameters, until the next run: one for all graphs. */
const gradients = new Map<string, Float32Array>();
const graphs = new Map<string, GraphMessage & { session?: Promise<ShardSession> }>();
/** Which of the copies are out of date: a step moves trained parameters alone. */
let stale: "none" | "trained" | "all" = "none";

let queue: Promise<void> = Promise.resolve();
parentPort!.on("message", (request: Request) => {
  queue = queue.then(async () => {
    let reply: Reply;
    try {
      if (request.kind === "graph") {
        graphs.set(request.key, request);
        for (const { table, gradient } of request.graph.lookups) if (gradient) tables.add(table);
        return;
      }
      if (request.kind === "set") {
        stale = "all";
        return;
      }
      if (request.kind === "restore") {
        stale = "all";
        for (const table of request.tables) tables.add(table);
        tables.restart(request);
        return;
      }
      if (request.kind === "close") {
        for (const { session } of graphs.values()) await (await session)?.close();
        await update.close();
        parentPort!.close();
        return;
      }
      reply = { results: await run(request) };
    } catch (error) {
      giveUp(control);
      reply = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    parentPort!.postMessage(reply);
  });
});

async function run(message: RunMessage) {
  const entry = graphs.get(message.key)!;
  entry.session ??= openShardSession(entry.graph, { parameter: copyOf, gradient: gradientOf });
  const session = await entry.session;
  if (stale !== "none")
    for (const [name, copy] of copies) if (stale === "all" || places.has(name)) tables.read(copy, parameterOf(name)!);
  stale = message.update ? "trained" : "none";
  if (message.update) update.joinRows(message.update);
  const results: { shard: number; outputs: Results }[] = [];
  for (let shard = 0; shard < message.shards.length; shard++) {
    if ((shard % lanes) % workers !== index) continue;
    const feeds = message.shards[shard];
    for (const [i, { table, ids }] of entry.graph.lookups.entries())
      tables.lookUp(session.lookups[i], parameterOf(table)!, feeds[ids] as Int32Array);
    await session.run(feeds, mixSeed(seed, message.update?.step ?? 0, shard));
    results.push({ shard, outputs: session.outputs() });
    if (message.update) keepGradients(entry, session, shard, message.update);
  }
  if (message.update) await update.run(entry, message.update, Math.min(lanes, message.shards.length));
  return results;
}

const parameterOf = (name: string): Parameter | undefined => places.get(name) ?? frozen.get(name);

function copyOf({ name, shape }: Slot): Float32Array {
  const parameter = parameterOf(name);
  if (!parameter || parameter.shape.join() !== shape.join())
    throw new Error(`the graph's parameter '${name}' (${shape}) is not among the executor's, or has a different shape`);
  let copy = copies.get(name);
  if (!copy) {
    copy = new Float32Array(parameter.length);
    tables.read(copy, parameter);
    copies.set(name, copy);
  }
  return copy;
}

function gradientOf({ name, shape }: Slot): Float32Array {
  const array = gradients.get(name) ?? new Float32Array(elementCount(shape));
  gradients.set(name, array);
  return array;
}

/** Puts one shard's gradients where the other workers see them: a lane's first are written, the others added. */
function keepGradients(entry: GraphMessage, session: ShardSession, shard: number, request: UpdateRequest): void {
  const sums = laneGradients[shard % lanes];
  for (const { name, parameter } of entry.graph.gradients) {
    const { offset } = places.get(parameter)!;
    const gradient = session.gradient(name);
    if (shard < lanes) sums.set(gradient, offset);
    else for (let i = 0; i < gradient.length; i++) sums[offset + i] += gradient[i];
  }
  for (const [i, { gradient }] of entry.graph.lookups.entries())
    if (gradient) new Float32Array(request.lookupGradients[shard][i]).set(session.gradient(gradient));
}
