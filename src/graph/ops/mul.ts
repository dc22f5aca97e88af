// a · b element by element, broadcast.
import { broadcastShapes } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { toTensor } from "./constant.js";
import { sumTo } from "./sum-to.js";

export const mulOp: Op<null> = {
  name: "mul",
  infer: ([a, b]) => [{ shape: broadcastShapes(a.shape, b.shape), dtype: a.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Mul", inputs, outputs),
  gradient({ inputs: [a, b] }, [dy]) {
    if (!dy) return [];
    return [sumTo(mul(dy, b), a.shape), sumTo(mul(dy, a), b.shape)];
  },
};

/** a · b element by element, broadcast. */
export function mul(a: Tensor, b: Tensor | number): Tensor {
  return apply(mulOp, [a, toTensor(b, a)], null)[0];
}
