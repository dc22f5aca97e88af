// Sum over axes.
import { resolveAxis } from "../shapes.js";
import { apply, type Op, type Shape, type Tensor } from "../tensor.js";
import { expand } from "./expand.js";
import { reshape } from "./reshape.js";

export interface Reduce {
  axes: readonly number[];
  /** Keeps the summed axes with size 1. */
  keepDims: boolean;
}

export const reduceSumOp: Op<Reduce> = {
  name: "reduceSum",
  infer: ([x], attributes) => [{ shape: reducedShape(x.shape, attributes), dtype: x.dtype }],
  emit: (emitter, [x], outputs, { attributes: { axes, keepDims } }) =>
    emitter.addNamed("ReduceSum", [x, emitter.ints(axes)], outputs, { keepdims: { int: keepDims ? 1 : 0 } }),
  gradient({ inputs: [x], attributes: { axes } }, [dy]) {
    if (!dy) return [];
    return [expand(reshape(dy, keptShape(x.shape, axes)), x.shape)];
  },
};

/** Sum over axes. Negative axes count from the end. */
export function reduceSum(x: Tensor, axes: readonly number[], options: { keepDims?: boolean } = {}): Tensor {
  const resolved = axes.map((axis) => resolveAxis(axis, x.shape.length));
  return apply(reduceSumOp, [x], { axes: resolved, keepDims: options.keepDims ?? true })[0];
}

export function reducedShape(shape: Shape, { axes, keepDims }: Reduce): Shape {
  return keepDims ? keptShape(shape, axes) : shape.filter((_, axis) => !axes.includes(axis));
}

export function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
}
