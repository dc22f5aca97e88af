// Parameters, moments and gradients as arrays in one memory that the workers share, where their kernels work on them. One
// place for each parameter, the same in every array.
import { UserError } from "../base/errors.js";
import { elementCount } from "../graph/index.js";
import { createArena, maxArenaBytes, type SharedMemory } from "../kernels/index.js";

export interface ParameterInit {
  name: string;
  shape: readonly number[];
  data: Float32Array;
  /** False: not trained. */
  trainable?: boolean;
  /** Whether weight decay applies; by default to everything but vectors. */
  decay?: boolean;
  /** Multiplies the learning rate. */
  rateScale?: number;
  /** A hidden matrix (in, out), which Muon updates by orthogonal steps. */
  isHidden?: boolean;
}

export interface Place {
  name: string;
  shape: readonly number[];
  offset: number;
  length: number;
  decay: boolean;
  rateScale: number;
  isHidden: boolean;
  /** Of a matrix: where its first row stands among the rows of all matrices. */
  firstRow: number;
}

/** Posted to the workers as it is: shared memory is not copied. */
export interface TrainingMemory {
  places: Place[];
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

/** Elements that one sum of squares covers: fixed, so that clipping gives the same bits on any number of threads. */
export const stretchSize = 32768;

/** @throws UserError for more parameters than can be trained */
export function allocateMemory(parameters: readonly ParameterInit[], lanes: number): TrainingMemory {
  const places: Place[] = [];
  let [size, rowCount, widest] = [0, 0, 0];
  for (const { name, shape, data, decay = shape.length > 1, rateScale = 1, isHidden = false } of parameters) {
    const length = elementCount(shape);
    if (data.length !== length)
      throw new Error(`parameter '${name}' of shape (${shape}) needs ${length} numbers, got ${data.length}`);
    places.push({ name, shape: [...shape], offset: size, length, decay, rateScale, isHidden, firstRow: rowCount });
    size += length;
    if (shape.length !== 2) continue;
    rowCount += shape[0];
    widest = Math.max(widest, shape[1]);
  }
  const most = Math.floor(maxArenaBytes / (4 * (3 + lanes)) / 1e6) - 1;
  if (size > most * 1e6)
    throw new UserError(
      `The network has ${(size / 1e6).toFixed(0)} million parameters; at most ${most} million can be trained. Make it ` +
        "smaller: fewer layers, a smaller width or vocabulary.",
    );
  const arena = createArena();
  const floats = () => arena.allocate(Math.max(4, 4 * size));
  const memory: TrainingMemory = {
    places,
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
  const values = floatsAt(memory, memory.parameters);
  for (const [i, { data }] of parameters.entries()) values.set(data, places[i].offset);
  return memory;
}
