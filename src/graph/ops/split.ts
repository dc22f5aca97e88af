// A tensor in parts along an axis. Several slices would do the same, but their gradients are as large as the whole each.
import { resolveAxis, showShape } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { concat } from "./concat.js";
import { scalar } from "./constant.js";
import { expand } from "./expand.js";

export const splitOp: Op<{ axis: number; sizes: readonly number[] }> = {
  name: "split",
  infer([x], { axis, sizes }) {
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total !== x.shape[axis])
      throw new Error(`split: ${sizes.join(" + ")} is not axis ${axis} of ${showShape(x.shape)}`);
    return sizes.map((size) => ({ shape: x.shape.with(axis, size), dtype: x.dtype }));
  },
  emit: (emitter, [x], outputs, { attributes: { axis, sizes } }) =>
    emitter.addNamed("Split", [x, emitter.ints([...sizes])], outputs, { axis: { int: axis } }),
  gradient({ outputs, attributes: { axis } }, gradients) {
    const zeros = ({ shape, dtype }: Tensor) => expand(scalar(0, dtype), shape);
    return [
      concat(
        outputs.map((output, i) => gradients[i] ?? zeros(output)),
        axis,
      ),
    ];
  },
};

/** Parts of the given sizes, in order; the sizes add up to the axis. */
export function split(x: Tensor, axis: number, sizes: readonly number[]): readonly Tensor[] {
  return apply(splitOp, [x], { axis: resolveAxis(axis, x.shape.length), sizes });
}
