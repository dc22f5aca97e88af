// Matrices in 8 bits: integers from −127 to 127, and one scale for each row or column. The largest number of each is 127
// scales, so rounding moves no number by more than half a scale. Source: H. Wu et al. 2020, arXiv:2004.09602, section 3.
import { UserError } from "../base/errors.js";
import { wrongModel } from "../folders/index.js";
import { firstNotFinite } from "../formats/finite.js";
import type { NamedArray } from "../formats/safetensors.js";

/** Row by row. Scales are those of the columns of a kernel (in, out), or of the rows of a table (rows, width). */
export interface QuantizedMatrix {
  shape: readonly [number, number];
  data: Int8Array;
  scales: Float32Array;
}

/** By the parameter that they stand for. */
export type QuantizedWeights = ReadonlyMap<string, QuantizedMatrix>;

/** Behind a parameter's name in a model's folder. */
const scalesEnding = "/scales";
const largestInteger = 127;

/**
 * One scale a row. @param name - for the message
 * @throws UserError for a NaN or an infinity
 */
export function quantizeRows(values: Float32Array, [rows, width]: readonly number[], name: string): QuantizedMatrix {
  expectFinite(values, name);
  const data = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * width, (row + 1) * width];
    let largest = 0;
    for (let i = from; i < to; i++) {
      const size = Math.abs(values[i]);
      if (size > largest) largest = size;
    }
    scales[row] = scaleOf(largest);
    const factor = 1 / scales[row];
    for (let i = from; i < to; i++) data[i] = rounded(values[i] * factor);
  }
  return { shape: [rows, width], data, scales };
}

/** One scale a column. */
export function quantizeColumns(values: Float32Array, [rows, width]: readonly number[], name: string): QuantizedMatrix {
  expectFinite(values, name);
  const largest = new Float32Array(width);
  for (let i = 0; i < values.length; ) {
    for (let column = 0; column < width; column++, i++) {
      const size = Math.abs(values[i]);
      if (size > largest[column]) largest[column] = size;
    }
  }
  const scales = largest.map(scaleOf);
  const factors = Float64Array.from(scales, (scale) => 1 / scale);
  const data = new Int8Array(values.length);
  for (let i = 0; i < values.length; )
    for (let column = 0; column < width; column++, i++) data[i] = rounded(values[i] * factors[column]);
  return { shape: [rows, width], data, scales };
}

function expectFinite(values: Float32Array, name: string): void {
  const at = firstNotFinite(values);
  if (at < 0) return;
  throw new UserError(
    `The weights '${name}' contain ${values[at]}, which is not a finite number. Download or train the model again.`,
  );
}

function scaleOf(largest: number): number {
  const scale = Math.fround(largest / largestInteger);
  return scale > 0 ? scale : 1;
}

/** To the nearest, halves away from 0: an array of integers drops what stands behind the point. */
const rounded = (value: number) => (value < 0 ? value - 0.5 : value + 0.5);

/** As a model's folder keeps them. */
export function quantizedTensors(weights: QuantizedWeights): Map<string, NamedArray> {
  return new Map(
    [...weights].flatMap(([name, { shape, data, scales }]): [string, NamedArray][] => [
      [name, { shape, data }],
      [name + scalesEnding, { shape: [scales.length], data: scales }],
    ]),
  );
}

/** @throws UserError where one is missing or has another shape or type */
export function takeQuantized(
  specs: readonly { name: string; shape: readonly number[]; scales: number }[],
  tensors: ReadonlyMap<string, NamedArray>,
): QuantizedWeights {
  return new Map(
    specs.map(({ name, shape, scales: count }) => {
      const [found, scales] = [tensors.get(name), tensors.get(name + scalesEnding)];
      if (
        !(found?.data instanceof Int8Array && scales?.data instanceof Float32Array) ||
        found.shape.join() !== shape.join() ||
        scales.shape.join() !== `${count}`
      )
        throw wrongModel(
          `weights.safetensors has no '${name}' of shape [${shape.join(", ")}] in 8 bits with ${count} scales`,
        );
      return [name, { shape: shape as [number, number], data: found.data, scales: scales.data }];
    }),
  );
}
