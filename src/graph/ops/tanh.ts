// Hyperbolic tangent; dy/dx = 1 − y².
import { apply, type Op, type Tensor } from "../tensor.js";
import { scalar } from "./constant.js";
import { mul } from "./mul.js";
import { sub } from "./sub.js";

export const tanhOp: Op<null> = {
  name: "tanh",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Tanh", inputs, outputs),
  gradient: ({ outputs: [y] }, [dy]) => [dy && mul(dy, sub(scalar(1, y.dtype), mul(y, y)))],
};

/** Hyperbolic tangent; dy/dx = 1 − y². */
export function tanh(x: Tensor): Tensor {
  return apply(tanhOp, [x], null)[0];
}
