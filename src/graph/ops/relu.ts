// max(x, 0); the gradient at 0 is 0.
import { apply, type Op, type Tensor } from "../tensor.js";
import { scalar } from "./constant.js";
import { greater } from "./greater.js";
import { where } from "./where.js";

export const reluOp: Op<null> = {
  name: "relu",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Relu", inputs, outputs),
  gradient: ({ outputs: [y] }, [dy]) => [dy && where(greater(y, 0), dy, scalar(0, y.dtype))],
};

/** max(x, 0); the gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  return apply(reluOp, [x], null)[0];
}
