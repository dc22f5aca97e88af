// Zeros before and after along one axis. A negative count cuts elements off: (−1, 1) shifts by one place.
import { fixed, resolveAxis, shiftDim } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { slice } from "./slice.js";

interface Pad {
  axis: number;
  before: number;
  after: number;
}

export const padOp: Op<Pad> = {
  name: "pad",
  infer: ([x], { axis, before, after }) => [
    { shape: x.shape.with(axis, shiftDim(x.shape[axis], before + after)), dtype: x.dtype },
  ],
  emit: (emitter, [x], outputs, { attributes: { axis, before, after }, inputs }) =>
    emitter.addNamed(
      "Pad",
      [x, emitter.ints([before, after]), emitter.scalar(0, inputs[0].dtype), emitter.ints([axis])],
      outputs,
    ),
  gradient({ inputs: [x], attributes: { axis, before, after } }, [dy]) {
    if (!dy) return [];
    const size = fixed(x.shape[axis], "a gradient");
    return [before < 0 || after < 0 ? pad(dy, axis, -before, -after) : slice(dy, axis, before, before + size)];
  },
};

export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  return before === 0 && after === 0
    ? x
    : apply(padOp, [x], { axis: resolveAxis(axis, x.shape.length), before, after })[0];
}
