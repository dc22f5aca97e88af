// a + b, broadcast.
import { broadcastShapes } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { toTensor } from "./constant.js";
import { sumTo } from "./sum-to.js";

export const addOp: Op<null> = {
  name: "add",
  infer: ([a, b]) => [{ shape: broadcastShapes(a.shape, b.shape), dtype: a.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Add", inputs, outputs),
  gradient({ inputs: [a, b] }, [dy]) {
    if (!dy) return [];
    return [sumTo(dy, a.shape), sumTo(dy, b.shape)];
  },
};

/** a + b, broadcast. */
export function add(a: Tensor, b: Tensor | number): Tensor {
  return apply(addOp, [a, toTensor(b, a)], null)[0];
}
