// Parameters, moments and gradients as shared arrays. One place for each parameter, the same in every array.
import { elementCount } from "../graph/index.js";

export interface ParameterInit {
  name: string;
  shape: readonly number[];
  data: Float32Array;
  /** False: training leaves it as it is. */
  trainable?: boolean;
  /** Whether weight decay applies; left out, to everything but vectors. */
  decay?: boolean;
  /** Multiplies the learning rate. */
  rateScale?: number;
  /** A hidden matrix (in, out), which Muon moves by orthogonal steps. */
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
}

/** Posted to the workers as it is: shared memory is not copied. */
export interface SharedMemory {
  places: Place[];
  values: SharedArrayBuffer;
  moment1: SharedArrayBuffer;
  moment2: SharedArrayBuffer;
  /** One a lane: sums over the lane's shards. Pages that are never written cost nothing. */
  gradients: SharedArrayBuffer[];
  /** Sums of squares of stretches of the gradient, for clipping. */
  squares: SharedArrayBuffer;
  /** The barrier's three counters. */
  control: SharedArrayBuffer;
}

/** Elements that one sum of squares covers: fixed, so that clipping gives the same bits on any number of threads. */
export const stretchSize = 32768;

export function allocateMemory(parameters: readonly ParameterInit[], lanes: number): SharedMemory {
  const places: Place[] = [];
  let offset = 0;
  for (const { name, shape, data, decay = shape.length > 1, rateScale = 1, isHidden = false } of parameters) {
    const length = elementCount(shape);
    if (data.length !== length)
      throw new Error(`parameter '${name}' of shape (${shape}) needs ${length} numbers, got ${data.length}`);
    places.push({ name, shape: [...shape], offset, length, decay, rateScale, isHidden });
    offset += length;
  }
  const floats = (count: number) => new SharedArrayBuffer(Math.max(4, count * 4));
  const memory: SharedMemory = {
    places,
    values: floats(offset),
    moment1: floats(offset),
    moment2: floats(offset),
    gradients: Array.from({ length: lanes }, () => floats(offset)),
    squares: new SharedArrayBuffer(8 * (Math.ceil(offset / stretchSize) + places.length + 1)),
    control: new SharedArrayBuffer(12),
  };
  const values = new Float32Array(memory.values);
  for (const [i, { data }] of parameters.entries()) values.set(data, places[i].offset);
  return memory;
}
