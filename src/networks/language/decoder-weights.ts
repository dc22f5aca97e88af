// The weights of a decoder: floats, and matrices of few bits.
import { type BlockMatrix, isBlockMatrix, readRow, toBlocks } from "../../formats/block-matrix.js";
import { type NetworkWeights, numbersOf } from "../network-weights.js";
import { transposed } from "../transposed.js";
import { outputTableName, tokenTableName } from "./build-network.js";

/** By parameter. Kernels of few bits are turned, (out, in); tables of tokens are as they are, (vocabulary, width). */
export type DecoderWeights = ReadonlyMap<string, FloatWeight | BlockMatrix>;

export interface FloatWeight {
  shape: readonly number[];
  data: Float32Array;
}

/** Bits of a weight that was a float. */
export type DecoderPrecision = "float32" | "int8" | "int4";

export function floatsOf(weights: DecoderWeights): Map<string, Float32Array> {
  const floats = new Map<string, FloatWeight>();
  for (const [name, weight] of weights) if (!isBlockMatrix(weight)) floats.set(name, weight);
  return numbersOf(floats);
}

export function matrixOf(weights: DecoderWeights, name: string): BlockMatrix | undefined {
  const weight = weights.get(name);
  return weight && isBlockMatrix(weight) ? weight : undefined;
}

export function decoderParameters(weights: DecoderWeights): number {
  let sum = 0;
  for (const weight of weights.values())
    sum += isBlockMatrix(weight) ? weight.rows * weight.columns : weight.data.length;
  return sum;
}

/**
 * The kernels of all products in few bits. Tables of tokens get 8 bits: the output's product is the one that suffers most
 * from fewer.
 */
export function roundWeights(weights: NetworkWeights, precision: "int8" | "int4"): DecoderWeights {
  const bits = precision === "int8" ? 8 : 4;
  const rounded = (name: string, weight: FloatWeight) => {
    const { shape, data } = weight;
    if (name === tokenTableName || name === outputTableName) return toBlocks(data, shape[0], shape[1], 8);
    if (shape.length !== 2 || !name.endsWith("/kernel")) return weight;
    return toBlocks(transposed(data, shape[0], shape[1]), shape[1], shape[0], bits);
  };
  return new Map([...weights].map(([name, weight]) => [name, rounded(name, weight)] as const));
}

/** All weights as 32-bit floats. */
export function unrounded(weights: DecoderWeights): NetworkWeights {
  const floats = (name: string, weight: FloatWeight | BlockMatrix): FloatWeight => {
    if (!isBlockMatrix(weight)) return weight;
    const { rows, columns } = weight;
    const data = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) readRow(weight, row, data, row * columns);
    if (!name.endsWith("/kernel")) return { shape: [rows, columns], data };
    return { shape: [columns, rows], data: transposed(data, rows, columns) };
  };
  return new Map([...weights].map(([name, weight]) => [name, floats(name, weight)] as const));
}

/** Writes the vectors of tokens one after the other. */
export function tokenVectors(
  weights: DecoderWeights,
  width: number,
): (ids: ArrayLike<number>, into: Float32Array, at: number) => void {
  const table = weights.get(tokenTableName)!;
  if (isBlockMatrix(table))
    return (ids, into, at) => {
      for (let i = 0; i < ids.length; i++) readRow(table, ids[i], into, at + i * width);
    };
  const { data } = table;
  return (ids, into, at) => {
    for (let i = 0; i < ids.length; i++) into.set(data.subarray(ids[i] * width, (ids[i] + 1) * width), at + i * width);
  };
}
