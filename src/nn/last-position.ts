// Where a sequence ends: 1 at the last word of each row, 0 elsewhere. Works for named lengths and any padding.
import { add, cast, equal, mul, positions, reduceMax, reshape, sub, type Tensor } from "../graph/index.js";

/** y (T, H, B), mask (T, 1, B) give (T, 1, B), or (T, 1, 1) without a mask; `first` asks for the first word. */
export function lastPosition(y: Tensor, first: boolean, mask: Tensor | undefined): Tensor {
  const dtype = y.dtype;
  const counted = add(reshape(cast(positions(y, 0), dtype), [y.shape[0], 1, 1]), 1);
  // Counts 1 … T towards the wanted end; padding counts 0.
  const rank = first ? sub(add(reduceMax(counted, [0]), 1), counted) : counted;
  const words = mask ? mul(rank, mask) : rank;
  const chosen = cast(equal(words, reduceMax(words, [0])), dtype);
  return mask ? mul(chosen, mask) : chosen;
}
