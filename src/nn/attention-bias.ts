// What is added to attention scores so that a query does not look at padding or at the future.
import { add, cast, greater, mul, positions, reshape, sub, type Tensor } from "../graph/index.js";

const farBelow = 1e9;

/**
 * `x` (batch, length, …) says how long the sequences are, `mask` (batch, keys) where words are. Gives a bias that
 * broadcasts to (batch, heads, queries, keys), or nothing when every query may look everywhere.
 */
export function attentionBias(x: Tensor, mask: Tensor | undefined, causal: boolean): Tensor | undefined {
  const padding = mask && mul(sub(reshape(mask, [mask.shape[0], 1, 1, mask.shape[1]]), 1), farBelow);
  if (!causal) return padding;
  const length = x.shape[1];
  const at = positions(x, 1);
  const isFuture = greater(reshape(at, [1, length]), reshape(at, [length, 1]));
  const future = mul(cast(isFuture, x.dtype), -farBelow);
  return padding ? add(padding, future) : future;
}
