// a > b, as bool. No gradient.
import { broadcastShapes } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { toTensor } from "./constant.js";

export const greaterOp: Op<null> = {
  name: "greater",
  infer: ([a, b]) => [{ shape: broadcastShapes(a.shape, b.shape), dtype: "bool" }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Greater", inputs, outputs),
};

/** a > b, as bool. */
export function greater(a: Tensor, b: Tensor | number): Tensor {
  return apply(greaterOp, [a, toTensor(b, a)], null)[0];
}
