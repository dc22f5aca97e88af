// a − b, broadcast.
import { broadcastShapes } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { toTensor } from "./constant.js";
import { neg } from "./neg.js";
import { sumTo } from "./sum-to.js";

export const subOp: Op<null> = {
  name: "sub",
  infer: ([a, b]) => [{ shape: broadcastShapes(a.shape, b.shape), dtype: a.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Sub", inputs, outputs),
  gradient({ inputs: [a, b] }, [dy]) {
    if (!dy) return [];
    return [sumTo(dy, a.shape), sumTo(neg(dy), b.shape)];
  },
};

/** a − b, broadcast. */
export function sub(a: Tensor, b: Tensor | number): Tensor {
  return apply(subOp, [a, toTensor(b, a)], null)[0];
}
