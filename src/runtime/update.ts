// A worker's part of one update: sum the lanes' gradients, clip, apply the optimizer. Work is divided by place, never
// by arrival, and sums are taken in a fixed order: the bits do not depend on the number of workers.
import { createUpdate, loadOptimizerKernels, type StretchOptions } from "../optim/index.js";
import { waitForAll } from "./barrier.js";
import { createHiddenUpdate } from "./hidden-update.js";
import type { LazyTables, Range } from "./lazy-tables.js";
import { floatsAt, type Place, stretchSize } from "./memory.js";
import type { GraphMessage, TableRows, UpdateRequest, WorkerSetup } from "./messages.js";

export interface WorkerUpdate {
  /** To be called before the rows of a step are looked up. */
  joinRows(request: UpdateRequest): void;
  /** `lanes`: how many have gradients. */
  run(entry: GraphMessage, request: UpdateRequest, lanes: number): Promise<void>;
  close(): Promise<void>;
}

export function createWorkerUpdate(setup: WorkerSetup, tables: LazyTables): WorkerUpdate {
  const { index, workers, optimizer, memory } = setup;
  const placeOf = new Map(memory.places.map((place) => [place.name, place]));
  const kernels = loadOptimizerKernels(memory.shared);
  // The lanes' gradients are summed in the place of the first lane's.
  const { parameters, moment1, moment2 } = memory;
  const [gradient, ...otherLanes] = memory.gradients;
  const gradients = floatsAt(memory, gradient);
  const squares = new Float64Array(memory.squares);
  const control = new Int32Array(memory.control);
  const hidden = optimizer.name === "muon" ? createHiddenUpdate(setup) : undefined;

  const share = (count: number): Range => ({
    from: Math.floor((count * index) / workers),
    to: Math.floor((count * (index + 1)) / workers),
  });

  function joinRows({ rows }: UpdateRequest): void {
    for (const { table, unique } of rows) tables.join(placeOf.get(table)!, unique, share(unique.length));
    if (rows.length > 0) waitForAll(control, workers);
  }

  async function run(entry: GraphMessage, request: UpdateRequest, lanes: number): Promise<void> {
    const { step, learningRate, rows } = request;
    const stretches = denseStretches(entry);
    const mine = share(stretches.length);
    waitForAll(control, workers);

    for (let i = mine.from; i < mine.to; i++)
      for (const other of otherLanes.slice(0, lanes - 1))
        kernels.add(gradient + 4 * stretches[i].from, other + 4 * stretches[i].from, bytesOf(stretches[i]));
    for (const table of rows) sumRows(entry, request, table, share(table.unique.length));
    let scale = 1;
    if (optimizer.clipNorm !== undefined) {
      for (let i = mine.from; i < mine.to; i++)
        squares[i] = kernels.sumOfSquares(gradient + 4 * stretches[i].from, bytesOf(stretches[i]));
      for (const table of rows) squareRows(table, share(table.unique.length));
      waitForAll(control, workers);
      scale = clipScale(squares.subarray(0, stretches.length), rows, optimizer.clipNorm);
    }

    const places = { parameters, moment1, moment2, gradient };
    const apply = createUpdate(optimizer, kernels, places, { step, learningRate, scale });
    for (let i = mine.from; i < mine.to; i++) {
      const { from, to, isHidden, ...options } = stretches[i];
      if (!hidden || !isHidden) apply(from, to, options);
    }
    for (const { table, unique } of rows) {
      const place = placeOf.get(table)!;
      const width = place.shape[1];
      const { from, to } = share(unique.length);
      for (let u = from; u < to; u++) {
        const start = place.offset + unique[u] * width;
        apply(start, start + width, stretchOptions(place));
      }
    }
    tables.advance(learningRate);
    if (tables.isDue()) {
      waitForAll(control, workers);
      tables.settle(share);
      tables.forget();
    }
    if (!hidden) return;
    // A matrix is moved whole, by one worker: the others' parts of its gradient must be summed.
    waitForAll(control, workers);
    await hidden.run(entry.graph, gradients, learningRate, scale);
  }

  const stretchOptions = ({ decay, rateScale }: Place): StretchOptions => ({
    weightDecay: decay ? optimizer.weightDecay : 0,
    rateScale,
  });

  /** The learnt parameters in pieces of at most `stretchSize`. */
  function denseStretches({ graph }: GraphMessage): (Range & StretchOptions & { isHidden: boolean })[] {
    return graph.gradients.flatMap(({ parameter }) => {
      const place = placeOf.get(parameter)!;
      const { offset, length, isHidden } = place;
      return Array.from({ length: Math.ceil(length / stretchSize) }, (_, i) => ({
        from: offset + i * stretchSize,
        to: offset + Math.min(length, (i + 1) * stretchSize),
        ...stretchOptions(place),
        isHidden,
      }));
    });
  }

  /** Gradients of this worker's unique rows, each in its row's place: over shards, look-ups and positions, in that order. */
  function sumRows(
    { graph }: GraphMessage,
    { lookupGradients }: UpdateRequest,
    { table, unique, places: positions }: TableRows,
    { from, to }: Range,
  ): void {
    const { offset, shape } = placeOf.get(table)!;
    const width = shape[1];
    const startOf = (u: number) => offset + unique[u] * width;
    for (let u = from; u < to; u++) gradients.fill(0, startOf(u), startOf(u) + width);
    for (const { shard, lookup, at } of positions) {
      if (!graph.lookups[lookup].gradient) continue;
      const rows = new Float32Array(lookupGradients[shard][lookup]);
      for (let i = 0; i < at.length; i++) {
        if (at[i] < from || at[i] >= to) continue;
        const target = startOf(at[i]);
        const source = i * width;
        for (let j = 0; j < width; j++) gradients[target + j] += rows[source + j];
      }
    }
  }

  function squareRows({ table, unique, squares: buffer }: TableRows, { from, to }: Range): void {
    const { offset, shape } = placeOf.get(table)!;
    const width = shape[1];
    const rowSquares = new Float64Array(buffer);
    for (let u = from; u < to; u++)
      rowSquares[u] = kernels.sumOfSquares(gradient + 4 * (offset + unique[u] * width), 4 * width);
  }

  return { joinRows, run, close: async () => hidden?.close() };
}

const bytesOf = ({ from, to }: Range): number => 4 * (to - from);

/** min(1, limit / ‖g‖). Source: R. Pascanu, T. Mikolov, Y. Bengio 2012, arXiv:1211.5063. */
function clipScale(squares: Float64Array, rows: readonly TableRows[], limit: number): number {
  let total = 0;
  for (const square of squares) total += square;
  for (const table of rows) for (const square of new Float64Array(table.squares)) total += square;
  const norm = Math.sqrt(total);
  return norm > limit ? limit / (norm + 1e-6) : 1;
}
