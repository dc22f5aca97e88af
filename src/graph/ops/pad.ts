// Zeros before and after along one axis.
import { fixed, resolveAxis } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { slice } from "./slice.js";

interface Pad {
  axis: number;
  before: number;
  after: number;
}

export const padOp: Op<Pad> = {
  name: "pad",
  infer: ([x], { axis, before, after }) => {
    const size = x.shape[axis];
    // A named size keeps its name under a longer one: "length+2".
    const padded = typeof size === "number" ? size + before + after : `${size}+${before + after}`;
    return [{ shape: x.shape.with(axis, padded), dtype: x.dtype }];
  },
  emit: (emitter, [x], outputs, { attributes: { axis, before, after }, inputs }) =>
    emitter.addNamed(
      "Pad",
      [x, emitter.ints([before, after]), emitter.scalar(0, inputs[0].dtype), emitter.ints([axis])],
      outputs,
    ),
  gradient({ inputs: [x], attributes: { axis, before } }, [dy]) {
    return [dy && slice(dy, axis, before, before + fixed(x.shape[axis], "a gradient"))];
  },
};

export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  return before === 0 && after === 0
    ? x
    : apply(padOp, [x], { axis: resolveAxis(axis, x.shape.length), before, after })[0];
}
