// Weights under their names from those under ours: what read-weights.ts reads, the other way round.
import type { NamedArray } from "../../formats/safetensors.js";
import type { NetworkWeights } from "../network-weights.js";
import { transposed } from "../transposed.js";
import type { WeightNames } from "./architecture.js";
import { sourceOf } from "./read-weights.js";

/**
 * All weights that the names tell, each tensor whole.
 *
 * @param before - what stands before the names in the file
 */
export function theirWeights(weights: NetworkWeights, names: WeightNames, before = ""): Map<string, NamedArray> {
  const parts = new Map<string, { shape: readonly number[]; data: Float32Array; isBeside: boolean }[]>();
  for (const [name, { shape, data }] of weights) {
    const { names: theirs, part, of, isTransposed, isBeside } = sourceOf(name, names);
    const own = isTransposed ? shape.toReversed() : [...shape];
    const list = parts.get(theirs[0]) ?? new Array(of);
    list[part] = { shape: own, data: isTransposed ? transposed(data, shape[0], shape[1]) : data, isBeside };
    parts.set(theirs[0], list);
  }
  return new Map([...parts].map(([name, list]) => [before + name, list.length === 1 ? list[0] : joined(list)]));
}

/** Parts below each other, or beside each other in their rows. */
function joined(parts: readonly { shape: readonly number[]; data: Float32Array; isBeside: boolean }[]): NamedArray {
  const [{ shape, isBeside }] = parts;
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  const rows = isBeside ? shape[0] : 1;
  let at = 0;
  for (let row = 0; row < rows; row++)
    for (const part of parts) {
      const length = part.data.length / rows;
      data.set(part.data.subarray(row * length, (row + 1) * length), at);
      at += length;
    }
  const all = isBeside ? [shape[0], shape[1] * parts.length] : [shape[0] * parts.length, ...shape.slice(1)];
  return { shape: all, data };
}
