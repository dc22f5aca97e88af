// a = b, as bool. No gradient.
import { broadcastShapes } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { toTensor } from "./constant.js";

export const equalOp: Op<null> = {
  name: "equal",
  infer: ([a, b]) => [{ shape: broadcastShapes(a.shape, b.shape), dtype: "bool" }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Equal", inputs, outputs),
};

/** a = b, as bool. */
export function equal(a: Tensor, b: Tensor | number): Tensor {
  return apply(equalOp, [a, toTensor(b, a)], null)[0];
}
