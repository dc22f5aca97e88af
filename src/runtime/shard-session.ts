// One graph's session inside a worker, with the arrays that are fed to it and fetched from it again and again.
import { mixSeed } from "../base/random.js";
import { elementCount } from "../graph/index.js";
import type { Feeds, Results } from "./messages.js";
import {
  createSession,
  type Numbers,
  newNumbers,
  type RuntimeSession,
  type RuntimeTensor,
  tensorOver,
} from "./onnx-runtime.js";
import type { Slot, StepGraph } from "./step-graph.js";

type Bound = Slot & { array: Numbers; tensor: RuntimeTensor };

export interface ShardSession {
  graph: StepGraph;
  /** Arrays of the look-ups' rows, in the graph's order; fill before run. */
  lookups: Float32Array[];
  /** Computes one shard. Gradients and outputs stand in the arrays below until the next run. */
  run(feeds: Feeds, seed: number): Promise<void>;
  gradient(name: string): Float32Array;
  outputs(): Results;
  close(): Promise<void>;
}

/** Arrays that the sessions of a thread share, since they run one after the other. */
export interface SharedArrays {
  parameter(slot: Slot): Float32Array;
  /** For the gradient of a whole parameter, which is of the same size in every graph. */
  gradient(slot: Slot): Float32Array;
}

export async function openShardSession(graph: StepGraph, shared: SharedArrays): Promise<ShardSession> {
  const session: RuntimeSession = await createSession(graph.model, 1);
  const bind = (slot: Slot, array = newNumbers(slot.dtype, elementCount(slot.shape))): Bound => ({
    ...slot,
    array,
    tensor: tensorOver(array, slot.shape, slot.dtype),
  });
  const data = graph.data.filter(({ isFed }) => isFed).map((slot) => bind(slot));
  const masks = graph.masks.map((slot) => ({ ...bind(slot), rate: slot.rate }));
  const lookups = graph.lookups.map((slot) => bind(slot));
  const lookupGradients = graph.lookups
    .filter(({ gradient }) => gradient !== undefined)
    .map((slot) => bind({ ...slot, name: slot.gradient! }));
  const fetched = new Map(
    [
      ...graph.gradients.map((slot) => bind(slot, shared.gradient(slot))),
      ...lookupGradients,
      ...graph.outputs.map((slot) => bind(slot)),
    ].map((bound) => [bound.name, bound]),
  );
  const known = graph.parameters.map((slot) => bind(slot, shared.parameter(slot)));
  const feeds = Object.fromEntries([...data, ...masks, ...lookups, ...known].map(({ name, tensor }) => [name, tensor]));
  const fetches = Object.fromEntries([...fetched].map(([name, { tensor }]) => [name, tensor]));

  return {
    graph,
    lookups: lookups.map(({ array }) => array as Float32Array),
    async run(given, seed) {
      for (const { name, array } of data) copyInto(array, given[name], name);
      for (const [i, { array, rate }] of masks.entries()) fillMask(array as Float32Array, rate, mixSeed(seed, i));
      await session.run(feeds, fetches);
    },
    gradient: (name) => fetched.get(name)!.array as Float32Array,
    outputs: () => Object.fromEntries(graph.outputs.map(({ name }) => [name, fetched.get(name)!.array.slice()])),
    close: () => session.release(),
  };
}

function copyInto(target: Numbers, source: Numbers | undefined, name: string): void {
  if (!source || source.length !== target.length || source.constructor !== target.constructor)
    throw new Error(
      `input '${name}' needs a ${target.constructor.name} of ${target.length}, got ${source ? `${source.constructor.name} of ${source.length}` : "nothing"}`,
    );
  (target as Float32Array).set(source as Float32Array);
}

/** 0 with probability `rate` (to 1/65536), else 1 / (1 − rate). Two draws from each 32 bits of Marsaglia's xorshift. */
function fillMask(mask: Float32Array, rate: number, seed: number): void {
  const threshold = Math.round(rate * 65536);
  const kept = 1 / (1 - rate);
  let state = seed | 0 || 1;
  const even = mask.length & ~1;
  for (let i = 0; i < even; i += 2) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    mask[i] = (state & 0xffff) < threshold ? 0 : kept;
    mask[i + 1] = state >>> 16 < threshold ? 0 : kept;
  }
  if (even < mask.length) {
    state ^= state << 13;
    state ^= state >>> 17;
    mask[even] = (state & 0xffff) < threshold ? 0 : kept;
  }
}
