// Look-up tables whose rows move only when a batch names them, and are read as though every row moved in every step: a
// row that is behind catches up in its place when it takes part in a step, and on a copy when it is read. Reading changes
// nothing, so that runs which are looked at or saved in between go on with the same bits as runs which are not.
import {
  createMissedSteps,
  loadOptimizerKernels,
  type MissedSteps,
  mostMissed,
  type ResolvedOptimizer,
} from "../optim/index.js";
import { floatsAt, type Parameter, type Place, rowStepsOf, type TrainingMemory, valuesOf } from "./memory.js";

/** Rows, or other things that are counted, from … to − 1. */
export interface Range {
  from: number;
  to: number;
}

export interface LazyTables {
  /** A step is learning this table by its rows, now and from now on. */
  add(table: string): void;
  has(table: string): boolean;
  names(): string[];
  /** Steps done, and the learning rates of the last of them that rows may have missed. */
  history(): { step: number; learningRates: number[] };
  restart(history: { step: number; learningRates: Iterable<number> }): void;
  /** Writes the rows' vectors, as they are after the steps done, one behind another. */
  lookUp(target: Float32Array, table: Parameter, ids: Int32Array): void;
  /** Writes a whole parameter, whether or not it is such a table. */
  read(target: Float32Array, parameter: Parameter): void;
  /** Brings rows up to date at the beginning of a step, in which they take part. */
  join(table: Place, rows: Int32Array, range: Range): void;
  /** The step that was under way is over. */
  advance(learningRate: number): void;
  /** Whether all rows have to catch up now, as they do at fixed steps: no row's history gets longer. */
  isDue(): boolean;
  /** Brings all rows of all tables up to date, each worker its share. */
  settle(share: (count: number) => Range): void;
  /** To be called where others have settled. */
  forget(): void;
}

/** @param scratch - whose rows of the memory's scratch are used: a worker's index, or the number of lanes for the executor */
export function createLazyTables(memory: TrainingMemory, optimizer: ResolvedOptimizer, scratch: number): LazyTables {
  const kernels = loadOptimizerKernels(memory.shared);
  const places = new Map(memory.places.map((place) => [place.name, place]));
  const all = floatsAt({ ...memory, size: memory.shared.buffer.byteLength / 4 }, 0);
  const values = valuesOf(memory);
  const rowSteps = rowStepsOf(memory);
  const missed = new Map<string, MissedSteps>();
  let step = 0;
  let learningRates: number[] = [];

  function newMissed({ decay, rateScale }: Place): MissedSteps {
    const own = createMissedSteps(optimizer, kernels, { weightDecay: decay ? optimizer.weightDecay : 0, rateScale });
    own.restart(step - learningRates.length);
    for (const rate of learningRates) own.add(rate);
    return own;
  }

  function catchUp(own: MissedSteps, { offset, shape, firstRow }: Place, row: number): void {
    const from = rowSteps[firstRow + row];
    if (from === step) return;
    const [at, bytes] = [4 * (offset + row * shape[1]), 4 * shape[1]];
    own.catchUp(from, memory.parameters + at, memory.moment1 + at, memory.moment2 + at, bytes);
  }

  const tables: LazyTables = {
    add(table) {
      if (!missed.has(table)) missed.set(table, newMissed(places.get(table)!));
    },
    has: (table) => missed.has(table),
    names: () => [...missed.keys()],
    history: () => ({ step, learningRates }),
    restart(history) {
      step = history.step;
      learningRates = [...history.learningRates];
      for (const table of missed.keys()) missed.set(table, newMissed(places.get(table)!));
    },
    lookUp(target, { name, shape: [, width] }, ids) {
      const own = missed.get(name);
      if (!own) {
        const table = values.get(name)!;
        for (let i = 0; i < ids.length; i++) copyRow(target, i * width, table, ids[i] * width, width);
        return;
      }
      const { offset, firstRow } = places.get(name)!;
      const [copy, copy1, copy2] = [0, 1, 2].map((i) => memory.scratch[scratch] + 4 * i * width);
      for (let i = 0; i < ids.length; i++) {
        const [at, bytes] = [4 * (offset + ids[i] * width), 4 * width];
        let start = memory.parameters + at;
        const from = rowSteps[firstRow + ids[i]];
        if (from < step) {
          kernels.copy(copy, start, bytes);
          kernels.copy(copy1, memory.moment1 + at, bytes);
          kernels.copy(copy2, memory.moment2 + at, bytes);
          own.catchUp(from, copy, copy1, copy2, bytes);
          start = copy;
        }
        copyRow(target, i * width, all, start / 4, width);
      }
    },
    read(target, parameter) {
      const { name, shape } = parameter;
      if (missed.has(name))
        tables.lookUp(
          target,
          parameter,
          Int32Array.from({ length: shape[0] }, (_, row) => row),
        );
      else target.set(values.get(name)!);
    },
    join(table, rows, { from, to }) {
      const own = missed.get(table.name)!;
      for (let i = from; i < to; i++) {
        catchUp(own, table, rows[i]);
        rowSteps[table.firstRow + rows[i]] = step + 1;
      }
    },
    advance(learningRate) {
      step++;
      learningRates.push(learningRate);
      for (const one of missed.values()) one.add(learningRate);
    },
    isDue: () => learningRates.length === mostMissed,
    settle(share) {
      for (const [name, own] of missed) {
        const table = places.get(name)!;
        const { from, to } = share(table.shape[0]);
        for (let row = from; row < to; row++) catchUp(own, table, row);
        rowSteps.fill(step, table.firstRow + from, table.firstRow + to);
      }
    },
    forget: () => tables.restart({ step, learningRates: [] }),
  };
  return tables;
}

/** Faster than `set`, which takes care with shared arrays. */
function copyRow(target: Float32Array, to: number, source: Float32Array, from: number, width: number): void {
  for (let j = 0; j < width; j++) target[to + j] = source[from + j];
}
