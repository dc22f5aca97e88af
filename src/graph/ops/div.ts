// a / b, broadcast.
import { broadcastShapes } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { toTensor } from "./constant.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { sumTo } from "./sum-to.js";

export const divOp: Op<null> = {
  name: "div",
  infer: ([a, b]) => [{ shape: broadcastShapes(a.shape, b.shape), dtype: a.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Div", inputs, outputs),
  gradient({ inputs: [a, b] }, [dy]) {
    if (!dy) return [];
    return [sumTo(div(dy, b), a.shape), sumTo(neg(div(mul(dy, a), mul(b, b))), b.shape)];
  },
};

/** a / b, broadcast. */
export function div(a: Tensor, b: Tensor | number): Tensor {
  return apply(divOp, [a, toTensor(b, a)], null)[0];
}
