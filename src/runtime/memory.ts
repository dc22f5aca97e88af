// Trained parameters, their moments and gradients as arrays in one memory that the workers share, where their kernels work
// on them. One place for each parameter, the same in every array. Frozen parameters are values alone: each has a buffer of
// its own that the workers share too, so that the 4 GiB of one WebAssembly memory do not bound them.
import { UserError } from "../base/errors.js";
import { elementCount } from "../graph/index.js";
import { createArena, maxArenaBytes, type SharedMemory } from "../kernels/index.js";

/** A parameter before it has values. */
export interface PlannedParameter {
  name: string;
  shape: readonly number[];
  /** False: frozen. */
  trainable?: boolean;
  /** Whether weight decay applies; by default to everything but vectors. */
  decay?: boolean;
  /** Multiplies the learning rate. */
  rateScale?: number;
  /** A hidden matrix (in, out), which Muon updates by orthogonal steps. */
  isHidden?: boolean;
}

export interface ParameterInit extends PlannedParameter {
  data: Float32Array;
}

/** What is known of a parameter, wherever its values are. */
export interface Parameter {
  name: string;
  shape: readonly number[];
  length: number;
}

/** Where a trained parameter stands in each array. */
export interface Place extends Parameter {
  offset: number;
  decay: boolean;
  rateScale: number;
  isHidden: boolean;
  /** Of a matrix: where its first row stands among the rows of all matrices. */
  firstRow: number;
}

export interface Frozen extends Parameter {
  values: SharedArrayBuffer;
}

/** What is allocated for given parameters. */
export interface MemoryPlan {
  places: Place[];
  frozen: Parameter[];
  /** Floats of each array of the trained parameters. */
  size: number;
  /** Rows of all trained matrices. */
  rowCount: number;
  /** The longest of these rows. */
  widest: number;
}

/** Posted to the workers as it is: shared memory is not copied. */
export interface TrainingMemory {
  places: Place[];
  frozen: Frozen[];
  shared: SharedMemory;
  /** Floats of each of the arrays below, whose addresses in the shared memory these are. */
  size: number;
  parameters: number;
  moment1: number;
  moment2: number;
  /** One a lane: sums over the lane's shards. Pages that are never written cost nothing. */
  gradients: number[];
  /** Of each row of a matrix that is a look-up table: the last step that it took. 32-bit integers. */
  rowSteps: number;
  rowCount: number;
  /** For each worker and for the executor: a row of parameters and moments, one behind another. */
  scratch: number[];
  /** Sums of squares of stretches of the gradient, for clipping. */
  squares: SharedArrayBuffer;
  /** The barrier's three counters. */
  control: SharedArrayBuffer;
}

/** A view of one of the arrays. */
export function floatsAt({ shared, size }: TrainingMemory, address: number): Float32Array {
  return new Float32Array(shared.buffer, address, size);
}

/** A view of the rows' last steps. */
export function rowStepsOf({ shared, rowSteps, rowCount }: TrainingMemory): Int32Array {
  return new Int32Array(shared.buffer, rowSteps, rowCount);
}

/** Views of all parameters' values by name, trained or frozen. */
export function valuesOf(memory: TrainingMemory): Map<string, Float32Array> {
  const trained = floatsAt(memory, memory.parameters);
  return new Map<string, Float32Array>([
    ...memory.places.map(({ name, offset, length }) => [name, trained.subarray(offset, offset + length)] as const),
    ...memory.frozen.map(({ name, values }) => [name, new Float32Array(values)] as const),
  ]);
}

/** Elements that one sum of squares covers: fixed, so that clipping gives the same bits on any number of threads. */
export const stretchSize = 32768;

/**
 * Allocates nothing.
 *
 * @throws UserError for more parameters than can be trained
 */
export function planMemory(parameters: readonly PlannedParameter[], lanes: number): MemoryPlan {
  const plan: MemoryPlan = { places: [], frozen: [], size: 0, rowCount: 0, widest: 0 };
  for (const { name, shape, trainable = true, ...options } of parameters) {
    const length = elementCount(shape);
    const parameter = { name, shape: [...shape], length };
    if (!trainable) {
      plan.frozen.push(parameter);
      continue;
    }
    const { decay = shape.length > 1, rateScale = 1, isHidden = false } = options;
    plan.places.push({ ...parameter, offset: plan.size, decay, rateScale, isHidden, firstRow: plan.rowCount });
    plan.size += length;
    if (shape.length !== 2) continue;
    plan.rowCount += shape[0];
    plan.widest = Math.max(plan.widest, shape[1]);
  }
  const most = Math.floor(maxArenaBytes / (4 * (3 + lanes)) / 1e6) - 1;
  if (plan.size > most * 1e6)
    throw new UserError(
      `The network has ${(plan.size / 1e6).toFixed(0)} million parameters to train; at most ${most} million can be ` +
        "trained. Make it smaller: fewer layers, a smaller width or vocabulary.",
    );
  return plan;
}

/** @throws UserError for more parameters than can be trained */
export function allocateMemory(parameters: readonly ParameterInit[], lanes: number): TrainingMemory {
  for (const { name, shape, data } of parameters)
    if (data.length !== elementCount(shape))
      throw new Error(
        `parameter '${name}' of shape (${shape}) needs ${elementCount(shape)} numbers, got ${data.length}`,
      );
  const { places, frozen, size, rowCount, widest } = planMemory(parameters, lanes);
  const arena = createArena();
  const floats = () => arena.allocate(Math.max(4, 4 * size));
  const memory: TrainingMemory = {
    places,
    frozen: frozen.map((parameter) => ({ ...parameter, values: new SharedArrayBuffer(4 * parameter.length) })),
    shared: arena.memory,
    size,
    parameters: floats(),
    moment1: floats(),
    moment2: floats(),
    gradients: Array.from({ length: lanes }, floats),
    rowSteps: arena.allocate(Math.max(4, 4 * rowCount)),
    rowCount,
    scratch: Array.from({ length: lanes + 1 }, () => arena.allocate(Math.max(4, 12 * widest))),
    squares: new SharedArrayBuffer(8 * (Math.ceil(size / stretchSize) + places.length + 1)),
    control: new SharedArrayBuffer(12),
  };
  const values = valuesOf(memory);
  for (const { name, data } of parameters) values.get(name)!.set(data);
  return memory;
}
