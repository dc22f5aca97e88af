// The gradient of broadcasting: sums a gradient over the axes that were stretched.
import { sameShape } from "../shapes.js";
import type { Shape, Tensor } from "../tensor.js";
import { reduceSum } from "./reduce-sum.js";
import { reshape } from "./reshape.js";

export function sumTo(tensor: Tensor, shape: Shape): Tensor {
  if (sameShape(tensor.shape, shape)) return tensor;
  const added = tensor.shape.length - shape.length;
  const axes = tensor.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < added || (shape[axis - added] === 1 && tensor.shape[axis] !== 1));
  return reshape(reduceSum(tensor, axes), shape);
}
