// The largest value of each feature over all positions.
import { expectRank } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { reduceMax } from "./reduce-max.js";

/** x (batch, length, features) gives (batch, features). */
export function maxOverTime(x: Tensor): Tensor {
  expectRank(x, 3, "maxOverTime: x");
  return reduceMax(x, [1], { keepDims: false });
}
