// Scaled dot-product attention with dropout of its weights.
import { attention, matmul, type Tensor } from "../graph/index.js";

/** `drop` may zero weights; it returns its argument where nothing is dropped. Shapes as for the op `attention`. */
export function attend(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  bias: Tensor | undefined,
  drop: (weights: Tensor) => Tensor,
): { result: Tensor; weights: Tensor } {
  const plain = attention(q, k, v, bias);
  const dropped = drop(plain.weights);
  return dropped === plain.weights ? plain : { result: matmul(dropped, v), weights: plain.weights };
}
