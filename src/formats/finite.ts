// Whether numbers are finite, in a pass that a large file's opening hardly notices: 62 million floats in some 50 ms.
import { UserError } from "../base/errors.js";
import type { NamedArray } from "./safetensors.js";

/** Index of the first NaN or infinity; −1 where there is none. */
export function firstNotFinite(values: NamedArray["data"]): number {
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return -1;
  const suspect = values instanceof Float32Array ? suspectFloats : suspectDoubles;
  for (let from = 0; from < values.length; from += block) {
    const to = Math.min(values.length, from + block);
    if (!suspect(values as Float32Array & Float64Array, from, to)) continue;
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

const block = 1 << 16;

/** NaN and infinities have all 8 bits of the exponent set: one more there sets the sign bit. */
function suspectFloats({ buffer, byteOffset, length }: Float32Array, from: number, to: number): boolean {
  const bits = new Int32Array(buffer, byteOffset, length);
  let found = 0;
  for (let i = from; i < to; i++) found |= (bits[i] & 0x7f800000) + 0x00800000;
  return found < 0;
}

/** 0 times NaN or an infinity is NaN. */
function suspectDoubles(values: Float64Array, from: number, to: number): boolean {
  let sum = 0;
  for (let i = from; i < to; i++) sum += 0 * values[i];
  return sum !== 0;
}
