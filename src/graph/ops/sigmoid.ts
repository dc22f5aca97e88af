// 1 / (1 + e⁻ˣ); dy/dx = y (1 − y).
import { apply, type Op, type Tensor } from "../tensor.js";
import { scalar } from "./constant.js";
import { mul } from "./mul.js";
import { sub } from "./sub.js";

export const sigmoidOp: Op<null> = {
  name: "sigmoid",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Sigmoid", inputs, outputs),
  gradient: ({ outputs: [y] }, [dy]) => [dy && mul(dy, mul(y, sub(scalar(1, y.dtype), y)))],
};

/** 1 / (1 + e⁻ˣ); dy/dx = y (1 − y). */
export function sigmoid(x: Tensor): Tensor {
  return apply(sigmoidOp, [x], null)[0];
}
