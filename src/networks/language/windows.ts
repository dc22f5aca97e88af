// Masks of layers that see the newest tokens alone: a window of w reaches from a token to the w − 1 before it.
import { add, cast, greater, mul, positions, reshape, sub, type Tensor } from "../../graph/index.js";

const farBelow = -1e9;

/** Within texts x (batch, length, …): 0 where a key is in the window of the query, far below before it; (1, 1, length, length). */
export function beyondWindow(window: number, x: Tensor): Tensor {
  const length = x.shape[1];
  const at = cast(positions(x, 1), x.dtype);
  const behind = sub(reshape(at, [1, 1, length, 1]), reshape(at, [1, 1, 1, length]));
  return mul(cast(greater(behind, window - 1), x.dtype), farBelow);
}

/**
 * Of kept keys, whose places are their positions: `bias` (batch, 1, 1, past), and far below before the window of each of the
 * new tokens at `at` (batch, length); (batch, 1, length, past).
 */
export function beyondPast(window: number, at: Tensor, bias: Tensor): Tensor {
  const [batch, length] = at.shape;
  const places = cast(positions(bias, 3), bias.dtype);
  const behind = sub(reshape(cast(at, bias.dtype), [batch, 1, length, 1]), reshape(places, [1, 1, 1, bias.shape[3]]));
  return add(bias, mul(cast(greater(behind, window - 1), bias.dtype), farBelow));
}
