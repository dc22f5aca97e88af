// Scaled dot-product attention. Source: A. Vaswani et al. 2017, arXiv:1706.03762, equation 1.
import { fixed, showShape } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { add } from "./add.js";
import { matmul } from "./matmul.js";
import { softmax } from "./softmax.js";

/**
 * softmax(Q Kᵀ / √d_k + bias) V. q (…, n, d), k (…, m, d), v (…, m, e); `bias` broadcasts to (…, n, m) and is very
 * negative where a query must not attend. Returns the result (…, n, e) and the weights (…, n, m).
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, bias?: Tensor): { result: Tensor; weights: Tensor } {
  const width = q.shape.at(-1);
  if (width === undefined || width !== k.shape.at(-1))
    throw new Error(`attention: queries ${showShape(q.shape)} and keys ${showShape(k.shape)} differ in width`);
  const scores = matmul(q, k, { transposeB: true, alpha: 1 / Math.sqrt(fixed(width, "attention")) });
  const weights = softmax(bias ? add(scores, bias) : scores);
  return { result: matmul(weights, v), weights };
}
