// |x|; the gradient at 0 is 0.
import { apply, type Op, type Tensor } from "../tensor.js";
import { mul } from "./mul.js";

export const absOp: Op<null> = {
  name: "abs",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Abs", inputs, outputs),
  gradient: ({ inputs: [x] }, [dy]) => [dy && mul(dy, apply(signOp, [x], null)[0])],
};

const signOp: Op<null> = {
  name: "sign",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Sign", inputs, outputs),
};

/** |x|; the gradient at 0 is 0. */
export function abs(x: Tensor): Tensor {
  return apply(absOp, [x], null)[0];
}
