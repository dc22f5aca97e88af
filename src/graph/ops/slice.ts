// Elements start … end − 1 of one axis.
import { fixed, resolveAxis, showShape } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { pad } from "./pad.js";

interface Slice {
  axis: number;
  start: number;
  end: number;
}

export const sliceOp: Op<Slice> = {
  name: "slice",
  infer([x], { axis, start, end }) {
    const size = x.shape[axis];
    if (start < 0 || end <= start || (typeof size === "number" && end > size))
      throw new Error(`slice: ${start} to ${end} is not within axis ${axis} of ${showShape(x.shape)}`);
    return [{ shape: x.shape.with(axis, end - start), dtype: x.dtype }];
  },
  emit: (emitter, [x], outputs, { attributes: { axis, start, end } }) =>
    emitter.addNamed("Slice", [x, emitter.ints([start]), emitter.ints([end]), emitter.ints([axis])], outputs),
  gradient({ inputs: [x], attributes: { axis, start, end } }, [dy]) {
    return [dy && pad(dy, axis, start, fixed(x.shape[axis], "a gradient") - end)];
  },
};

export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  return apply(sliceOp, [x], { axis: resolveAxis(axis, x.shape.length), start, end })[0];
}
