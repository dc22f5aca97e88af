// x W, or x W + b, over the last axis.
import { fixedShape, gemm, linear, matmul, reshape, type Tensor } from "../graph/index.js";

/** x (…, in), kernel (in, out), bias (out) give (…, out). Rows are flattened where the sizes are known: one product. */
export function product(x: Tensor, kernel: Tensor, bias?: Tensor): Tensor {
  if (bias) return linear(x, kernel, bias);
  if (x.shape.length === 2) return gemm(x, kernel);
  if (x.shape.some((dim) => typeof dim === "string")) return matmul(x, kernel);
  const [width, ...others] = fixedShape(x.shape, "a product").reverse();
  const rows = others.reduce((count, size) => count * size, 1);
  return reshape(gemm(reshape(x, [rows, width]), kernel), [...x.shape.slice(0, -1), kernel.shape[1]]);
}
