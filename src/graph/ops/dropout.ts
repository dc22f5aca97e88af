// Dropout: zeroes a share of the elements in training and scales the rest up, so that the mean stays.
// Source: N. Srivastava et al. 2014, JMLR 15.
import { fixedShape } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { randomMask } from "./input.js";
import { mul } from "./mul.js";

/** x · mask, where the runtime refills the mask at every step from the seed and `name`. */
export function dropout(x: Tensor, rate: number, name: string): Tensor {
  return rate === 0 ? x : mul(x, randomMask(name, fixedShape(x.shape, "dropout"), rate));
}
