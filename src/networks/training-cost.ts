// What training a network costs, told from its graphs and from a few steps of it.
import { CancelledError } from "../base/errors.js";
import { mixSeed } from "../base/random.js";
import { compileStep, type StepCost, stepCost, trainingBytes } from "../runtime/index.js";
import { type LengthBatch, lengthBatches } from "./encoded-texts/index.js";
import type { Head } from "./head.js";
import type { TextNetwork } from "./network.js";
import {
  type EncodedRows,
  makeShards,
  type NetworkTraining,
  openNetworkExecutor,
  plannedParameters,
  rowsOfShard,
  shardCount,
  shardGraph,
} from "./train-network.js";

/** One call of `trainTextNetwork` that is planned. */
export interface PlannedTraining {
  network: TextNetwork;
  head: Head;
  rows: { training: EncodedRows; validation?: EncodedRows };
  options: NetworkTraining;
}

export interface TrainingCost {
  parameters: number;
  /** Of all epochs. */
  steps: number;
  /** Floating-point operations of all steps and of the validation rows after each epoch. */
  flops: number;
  /** Of memory, at the most: parameters, moments, gradients, and the live tensors of every graph. */
  bytes: number;
}

/** What a worker takes before it computes, and each of its sessions: Node's and ONNX Runtime's own. */
const [workerBytes, stepBytes, lookBytes] = [38e6, 5e6, 2e6];
/** ONNX Runtime's arena, which grows by leaps and leaves gaps, for each byte that is alive: 1.2 to 1.45 was measured. */
const arenaShare = 1.3;

interface CountedGraph extends StepCost {
  /** Batches of an epoch that it computes. */
  batches: number;
}

/** By length, ascending. */
type Graphs = Map<number, CountedGraph>;

/**
 * Nothing is computed. With early stopping it is the most that training can cost.
 *
 * @example
 * const { flops, bytes } = countTraining({ network, head, rows: { training }, options });
 */
export function countTraining(planned: PlannedTraining): TrainingCost {
  const { network, options } = planned;
  const [steps, looks] = [graphsOf(planned, true), graphsOf(planned, false)];
  const epochs = epochsOf(options);
  const workers = Math.min(options.threads ?? shardCount, shardCount);
  const all = [...steps.values(), ...looks.values()];
  const copied = new Set(all.flatMap((graph) => graph.copied));
  const parameters = plannedParameters(network, options);
  const numbers = parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const sessions =
    steps.size * stepBytes + looks.size * lookBytes + arenaShare * all.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    parameters: numbers,
    steps: epochs * countOf(steps),
    flops: epochs * (flopsOf(steps) + flopsOf(looks)),
    // First values, the best epoch's and the result's stand beside what is trained.
    bytes:
      trainingBytes(parameters, { shards: shardCount, workers, copied }) +
      workers * (sessions + workerBytes) +
      4 * numbers * (planned.rows.validation ? 3 : 2),
  };
}

const epochsOf = ({ epochs, stopAfter = epochs }: NetworkTraining) => Math.min(epochs, stopAfter);
const countOf = (graphs: Graphs) => [...graphs.values()].reduce((sum, { batches }) => sum + batches, 0);

function flopsOf(graphs: Graphs): number {
  return [...graphs.values()].reduce((sum, { batches, flops }) => sum + batches * shardCount * sumOf(flops), 0);
}

const sumOf = ({ products, others }: StepCost["flops"]) => products + others;

function batchesOf({ network, rows, options }: PlannedTraining, isTraining: boolean): LengthBatch[] {
  const { batchSize, seed } = options;
  const lengths = (isTraining ? rows.training : rows.validation)?.ids.map(({ length }) => length) ?? [];
  return lengthBatches(lengths, batchSize, isTraining ? mixSeed(seed, 0) : null, network.maxLength);
}

function graphsOf(planned: PlannedTraining, isTraining: boolean): Graphs {
  const { network, head, options } = planned;
  const counts = new Map<number, number>();
  for (const { length } of batchesOf(planned, isTraining)) counts.set(length, (counts.get(length) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return new Map(
    sorted.map(([length, batches]) => {
      const { loss, outputs } = shardGraph(network, head, rowsOfShard(options.batchSize), length, isTraining);
      const cost = isTraining
        ? stepCost({ loss, outputs, frozen: options.frozen })
        : stepCost({ outputs: { ...outputs, loss } });
      return [length, { ...cost, batches }];
    }),
  );
}

/** Lengths at which steps are timed: shares of an epoch's batches, sorted by length. */
const probes = [0.15, 0.5, 0.9];
/** Seconds of steps at one length: of long steps one is enough. */
const longestProbe = 2;

/**
 * Seconds that training will take on this machine, all epochs: a few steps at a few lengths are taken, and the others take
 * a + b · operations.
 *
 * @param warm - steps that are timed at each length at most, behind the first, which opens a session
 */
export async function timeTraining(
  planned: PlannedTraining,
  { lengths = probes.length, warm = 3, signal }: { lengths?: number; warm?: number; signal?: AbortSignal } = {},
): Promise<number> {
  const { network, head, rows, options } = planned;
  const [steps, looks] = [graphsOf(planned, true), graphsOf(planned, false)];
  const batches = batchesOf(planned, true).sort((a, b) => a.length - b.length);
  const shares = lengths === 1 ? [0.5] : probes;
  const chosen = new Map(
    shares.map((share) => batches[Math.floor(share * batches.length)]).map((batch) => [batch.length, batch]),
  );
  const perShard = rowsOfShard(options.batchSize);
  const begun = performance.now();
  const executor = await openNetworkExecutor(network, head, options);
  try {
    const points: { flops: number; seconds: number }[] = [];
    const openings: number[] = [];
    const start = (performance.now() - begun) / 1000;
    for (const [length, batch] of chosen) {
      if (signal?.aborted) throw new CancelledError("Stopped before the cost was known.");
      const { shards } = makeShards(head, rows.training, batch, perShard, true);
      const build = () => compileStep({ ...shardGraph(network, head, perShard, length, true), frozen: options.frozen });
      const times: number[] = [];
      while (times.length < 2 || (times.length <= warm && sumOfSeconds(times) < longestProbe)) {
        const from = performance.now();
        await executor.step(`step ${length}`, build, shards, { learningRate: 0 });
        times.push((performance.now() - from) / 1000);
      }
      const [first, ...others] = times;
      const seconds = median(others);
      points.push({ flops: sumOf(steps.get(length)!.flops), seconds });
      openings.push(Math.max(0, first - seconds));
    }
    const secondsOf = lineThrough(points);
    const epoch = (graphs: Graphs) =>
      [...graphs.values()].reduce((sum, { batches, flops }) => sum + batches * secondsOf(sumOf(flops)), 0);
    // The first graph waits for the workers, too; a graph without gradients has about a third of the nodes.
    const [first, ...others] = openings;
    const opening = others.length > 0 ? Math.min(first, median(others)) : first / 2;
    const sessions = first + opening * (steps.size - 1 + looks.size / 3);
    return start + sessions + epochsOf(options) * (epoch(steps) + epoch(looks));
  } finally {
    await executor.close();
  }
}

/** Least squares of a + b · operations, neither below zero; of one point, through zero. */
function lineThrough(points: readonly { flops: number; seconds: number }[]): (flops: number) => number {
  const mean = (value: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length;
  const [flops, seconds] = [mean((point) => point.flops), mean((point) => point.seconds)];
  const spread = mean((point) => (point.flops - flops) ** 2);
  const slope = spread === 0 ? 0 : mean((point) => (point.flops - flops) * (point.seconds - seconds)) / spread;
  const b = slope > 0 && slope * flops <= seconds ? slope : seconds / flops;
  return (own) => Math.max(0, seconds + b * (own - flops));
}

const sumOfSeconds = (times: readonly number[]) => times.reduce((sum, time) => sum + time, 0);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
