// 0 … n − 1 along one axis of a tensor, also where n is only a name: positions, causal masks, the last step.
import { resolveAxis } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";

export const positionsOp: Op<{ axis: number }> = {
  name: "positions",
  infer: ([x], { axis }) => [{ shape: [x.shape[axis]], dtype: "int64" }],
  emit(emitter, [x], [output], { inputs: [{ shape }], attributes: { axis } }) {
    const size = shape[axis];
    if (typeof size === "number") {
      emitter.addNamed("Identity", [emitter.ints(Array.from({ length: size }, (_, i) => i))], [output]);
      return;
    }
    const dims = emitter.add("Shape", [x], { start: { int: axis }, end: { int: axis + 1 } });
    const count = emitter.add("Squeeze", [dims, emitter.ints([0])]);
    emitter.addNamed("Range", [emitter.scalar(0, "int64"), count, emitter.scalar(1, "int64")], [output]);
  },
};

/** 0 … n − 1 (int64), n being the size of an axis of x. No gradient. */
export function positions(x: Tensor, axis: number): Tensor {
  return apply(positionsOp, [x], { axis: resolveAxis(axis, x.shape.length) })[0];
}
