// What a step computes, and what training holds in memory, told without computing anything.
import { countFlops, elementCount, type Flops, liveBytes, type Tensor } from "../graph/index.js";
import { type MemoryPlan, type PlannedParameter, planMemory } from "./memory.js";
import { planStep } from "./step-graph.js";

export interface StepCost {
  /** Of one shard. */
  flops: Flops;
  /** What a worker's session of this graph holds: tensors that are alive at once, and the arrays that are fed and fetched. */
  bytes: number;
  /** Parameters that each worker copies. */
  copied: readonly string[];
}

/** Of one shard, forward and backward; without `loss` forward alone. As `compileStep` and `compileForward`. */
export function stepCost(spec: {
  loss?: Tensor;
  outputs: Readonly<Record<string, Tensor>>;
  frozen?: ReadonlySet<string>;
}): StepCost {
  const { loss, outputs, frozen = new Set<string>() } = spec;
  const { computed, cuts, data, masks, lookups, parameters } = planStep(
    { ...outputs, ...(loss && { loss }) },
    loss,
    frozen,
  );
  const tensors = Object.values(computed);
  const learnt = lookups.filter(({ gradient }) => gradient !== undefined);
  const numbers = [...data, ...masks, ...lookups, ...learnt].reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return {
    flops: countFlops(tensors, cuts.keys()),
    bytes: liveBytes(tensors, cuts.keys()) + 4 * numbers,
    copied: parameters.map(({ name }) => name),
  };
}

/**
 * Bytes of parameters, moments and gradients: shared by all workers, and each worker's copy of what its graphs use.
 *
 * @param copied - names of the parameters that graphs use as a whole
 */
export function trainingBytes(
  parameters: readonly PlannedParameter[],
  { shards, workers, copied }: { shards: number; workers: number; copied: ReadonlySet<string> },
): number {
  const { places, frozen, size }: MemoryPlan = planMemory(parameters, shards);
  const lengthOf = (some: readonly { name: string; length: number }[]) =>
    some.reduce((sum, { name, length }) => sum + (copied.has(name) ? length : 0), 0);
  // Values and moments; the sums of gradients, of which those of look-up tables are never written.
  const shared = 3 * size + shards * lengthOf(places) + frozen.reduce((sum, { length }) => sum + length, 0);
  const own = 2 * lengthOf(places) + lengthOf(frozen);
  return 4 * (shared + workers * own);
}
