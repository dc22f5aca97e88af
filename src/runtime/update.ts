// A worker's part of one update: sum the lanes' gradients, clip, apply the optimizer. Work is divided by place, never
// by arrival, and sums are taken in a fixed order: the bits do not depend on the number of workers.
import { createUpdate, type StretchOptions } from "../optim/index.js";
import { waitForAll } from "./barrier.js";
import { createHiddenUpdate } from "./hidden-update.js";
import { stretchSize } from "./memory.js";
import type { GraphMessage, TableRows, UpdateRequest, WorkerSetup } from "./messages.js";

interface Range {
  from: number;
  to: number;
}

export interface WorkerUpdate {
  /** `lanes`: how many have gradients. */
  run(entry: GraphMessage, request: UpdateRequest, lanes: number): Promise<void>;
  close(): Promise<void>;
}

export function createWorkerUpdate(setup: WorkerSetup): WorkerUpdate {
  const { index, workers, optimizer, memory } = setup;
  const places = new Map(memory.places.map((place) => [place.name, place]));
  const state = {
    parameters: new Float32Array(memory.values),
    moment1: new Float32Array(memory.moment1),
    moment2: new Float32Array(memory.moment2),
  };
  const laneGradients = memory.gradients.map((buffer) => new Float32Array(buffer));
  const squares = new Float64Array(memory.squares);
  const control = new Int32Array(memory.control);
  const hidden = optimizer.name === "muon" ? createHiddenUpdate(setup) : undefined;

  const share = (count: number): Range => ({
    from: Math.floor((count * index) / workers),
    to: Math.floor((count * (index + 1)) / workers),
  });

  async function run(entry: GraphMessage, request: UpdateRequest, lanes: number): Promise<void> {
    const { step, learningRate, rows } = request;
    const stretches = denseStretches(entry);
    const mine = share(stretches.length);
    waitForAll(control, workers);

    const gradients = laneGradients.slice(0, lanes);
    for (let i = mine.from; i < mine.to; i++) addAll(gradients, stretches[i]);
    const tables = rows.map((table) => ({
      table,
      range: share(table.unique.length),
      sums: sumRows(entry, request, table),
    }));
    let scale = 1;
    if (optimizer.clipNorm !== undefined) {
      for (let i = mine.from; i < mine.to; i++)
        squares[i] = sumOfSquares(gradients[0], stretches[i].from, stretches[i].to);
      for (const { table, range, sums } of tables) squareRows(table, range, sums);
      waitForAll(control, workers);
      scale = clipScale(squares.subarray(0, stretches.length), rows, optimizer.clipNorm);
    }

    const apply = createUpdate(optimizer, state, { step, learningRate, scale });
    for (let i = mine.from; i < mine.to; i++) {
      const { from, to, isHidden, ...options } = stretches[i];
      if (!hidden || !isHidden) apply(from, to, gradients[0], 0, options);
    }
    for (const { table, range, sums } of tables) {
      const { offset, shape, rateScale } = places.get(table.table)!;
      const width = shape[1];
      for (let u = range.from; u < range.to; u++) {
        const start = offset + table.unique[u] * width;
        apply(start, start + width, sums, start - (u - range.from) * width, { weightDecay: 0, rateScale });
      }
    }
    if (!hidden) return;
    // A matrix is moved whole, by one worker: the others' parts of its gradient must be summed.
    waitForAll(control, workers);
    await hidden.run(entry.graph, gradients[0], learningRate, scale);
  }

  /** The learnt parameters in pieces of at most `stretchSize`. */
  function denseStretches({ graph }: GraphMessage): (Range & StretchOptions & { isHidden: boolean })[] {
    return graph.gradients.flatMap(({ parameter }) => {
      const { offset, length, decay, rateScale, isHidden } = places.get(parameter)!;
      const weightDecay = decay ? optimizer.weightDecay : 0;
      return Array.from({ length: Math.ceil(length / stretchSize) }, (_, i) => ({
        from: offset + i * stretchSize,
        to: offset + Math.min(length, (i + 1) * stretchSize),
        weightDecay,
        rateScale,
        isHidden,
      }));
    });
  }

  /** Gradients of this worker's unique rows: over shards, look-ups and positions, in that order. */
  function sumRows(
    { graph }: GraphMessage,
    { lookupGradients }: UpdateRequest,
    { table, unique, places: positions }: TableRows,
  ): Float32Array {
    const width = places.get(table)!.shape[1];
    const { from, to } = share(unique.length);
    const sums = new Float32Array((to - from) * width);
    for (const { shard, lookup, at } of positions) {
      if (!graph.lookups[lookup].gradient) continue;
      const gradient = new Float32Array(lookupGradients[shard][lookup]);
      for (let i = 0; i < at.length; i++) {
        if (at[i] < from || at[i] >= to) continue;
        const target = (at[i] - from) * width;
        const source = i * width;
        for (let j = 0; j < width; j++) sums[target + j] += gradient[source + j];
      }
    }
    return sums;
  }

  function squareRows({ table, squares: buffer }: TableRows, { from, to }: Range, sums: Float32Array): void {
    const width = places.get(table)!.shape[1];
    const rowSquares = new Float64Array(buffer);
    for (let u = from; u < to; u++) rowSquares[u] = sumOfSquares(sums, (u - from) * width, (u - from + 1) * width);
  }

  return { run, close: async () => hidden?.close() };
}

/** Leaves the sum of the gradients, in shard order, in the first of them. */
function addAll([first, ...others]: readonly Float32Array[], { from, to }: Range): void {
  for (const other of others) for (let i = from; i < to; i++) first[i] += other[i];
}

function sumOfSquares(values: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] * values[i];
  return sum;
}

/** min(1, limit / ‖g‖). Source: R. Pascanu, T. Mikolov, Y. Bengio 2012, arXiv:1211.5063. */
function clipScale(squares: Float64Array, rows: readonly TableRows[], limit: number): number {
  let total = 0;
  for (const square of squares) total += square;
  for (const table of rows) for (const square of new Float64Array(table.squares)) total += square;
  const norm = Math.sqrt(total);
  return norm > limit ? limit / (norm + 1e-6) : 1;
}
