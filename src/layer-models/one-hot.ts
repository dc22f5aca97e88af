// Class numbers as one-hot rows.
import { UserError } from "../base/errors.js";
import type { TensorData } from "./tensor-data.js";

/**
 * @example
 * oneHot([0, 2], 3); // rows (1, 0, 0) and (0, 0, 1)
 */
export function oneHot(classes: ArrayLike<number>, count: number): TensorData {
  const data = new Float32Array(classes.length * count);
  for (let row = 0; row < classes.length; row++) {
    const value = classes[row];
    if (!Number.isInteger(value) || value < 0 || value >= count)
      throw new UserError(`row ${row} has the class ${value}; ${count} classes are numbered 0 to ${count - 1}.`);
    data[row * count + value] = 1;
  }
  return { data, shape: [classes.length, count] };
}
