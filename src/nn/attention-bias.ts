// What is added to attention scores so that a query does not look at padding or at the future.
import { add, cast, constant, type DType, greater, mul, positions, reshape, sub, type Tensor } from "../graph/index.js";

const farBelow = 1e9;

/**
 * `x` (batch, length, …) says how long the sequences are, `mask` (batch, keys) where words are. Gives a bias that
 * broadcasts to (batch, heads, queries, keys), or nothing when every query may look everywhere.
 */
export function attentionBias(x: Tensor, mask: Tensor | undefined, causal: boolean): Tensor | undefined {
  const padding = mask && mul(sub(reshape(mask, [mask.shape[0], 1, 1, mask.shape[1]]), 1), farBelow);
  if (!causal) return padding;
  const length = x.shape[1];
  if (typeof length === "number") {
    const future = fixedFuture(length, x.dtype);
    return padding ? add(padding, future) : future;
  }
  const at = positions(x, 1);
  const isFuture = greater(reshape(at, [1, length]), reshape(at, [length, 1]));
  const future = mul(cast(isFuture, x.dtype), -farBelow);
  return padding ? add(padding, future) : future;
}

const futures = new Map<string, Tensor>();

/** (length, length), 0 where a query may look. One tensor for all layers of all graphs: each graph then holds it once. */
function fixedFuture(length: number, dtype: DType): Tensor {
  const key = `${dtype} ${length}`;
  let future = futures.get(key);
  if (!future) {
    const data = new (dtype === "float64" ? Float64Array : Float32Array)(length * length);
    for (let query = 0; query < length; query++) data.fill(-farBelow, query * length + query + 1, (query + 1) * length);
    future = constant(data, [length, length], dtype);
    futures.set(key, future);
  }
  return future;
}
