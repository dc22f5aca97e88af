// Largest value over axes; if several are largest, they share the gradient.
import { resolveAxis } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { cast } from "./cast.js";
import { div } from "./div.js";
import { equal } from "./equal.js";
import { mul } from "./mul.js";
import { keptShape, type Reduce, reducedShape, reduceSum } from "./reduce-sum.js";
import { reshape } from "./reshape.js";

export const reduceMaxOp: Op<Reduce> = {
  name: "reduceMax",
  infer: ([x], attributes) => [{ shape: reducedShape(x.shape, attributes), dtype: x.dtype }],
  emit: (emitter, [x], outputs, { attributes: { axes, keepDims } }) =>
    emitter.addNamed("ReduceMax", [x, emitter.ints(axes)], outputs, { keepdims: { int: keepDims ? 1 : 0 } }),
  gradient({ inputs: [x], outputs: [y], attributes: { axes } }, [dy]) {
    if (!dy) return [];
    const kept = keptShape(x.shape, axes);
    const isLargest = cast(equal(x, reshape(y, kept)), x.dtype);
    const share = div(reshape(dy, kept), reduceSum(isLargest, axes));
    return [mul(isLargest, share)];
  },
};

/** Largest value over axes; if several are largest, they share the gradient. Negative axes count from the end. */
export function reduceMax(x: Tensor, axes: readonly number[], options: { keepDims?: boolean } = {}): Tensor {
  const resolved = axes.map((axis) => resolveAxis(axis, x.shape.length));
  return apply(reduceMaxOp, [x], { axes: resolved, keepDims: options.keepDims ?? true })[0];
}
