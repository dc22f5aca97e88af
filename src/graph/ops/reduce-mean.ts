// Mean over axes.
import { fixed, resolveAxis } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { expand } from "./expand.js";
import { mul } from "./mul.js";
import { keptShape, type Reduce, reducedShape } from "./reduce-sum.js";
import { reshape } from "./reshape.js";

export const reduceMeanOp: Op<Reduce> = {
  name: "reduceMean",
  infer: ([x], attributes) => [{ shape: reducedShape(x.shape, attributes), dtype: x.dtype }],
  emit: (emitter, [x], outputs, { attributes: { axes, keepDims } }) =>
    emitter.addNamed("ReduceMean", [x, emitter.ints(axes)], outputs, { keepdims: { int: keepDims ? 1 : 0 } }),
  gradient({ inputs: [x], attributes: { axes } }, [dy]) {
    if (!dy) return [];
    const count = axes.reduce((product, axis) => product * fixed(x.shape[axis], "a gradient"), 1);
    return [expand(reshape(mul(dy, 1 / count), keptShape(x.shape, axes)), x.shape)];
  },
};

/** Mean over axes. Negative axes count from the end. */
export function reduceMean(x: Tensor, axes: readonly number[], options: { keepDims?: boolean } = {}): Tensor {
  const resolved = axes.map((axis) => resolveAxis(axis, x.shape.length));
  return apply(reduceMeanOp, [x], { axes: resolved, keepDims: options.keepDims ?? true })[0];
}
