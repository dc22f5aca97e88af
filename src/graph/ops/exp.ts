// eˣ.
import { apply, type Op, type Tensor } from "../tensor.js";
import { mul } from "./mul.js";

export const expOp: Op<null> = {
  name: "exp",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Exp", inputs, outputs),
  gradient: ({ outputs: [y] }, [dy]) => [dy && mul(dy, y)],
};

/** eˣ. */
export function exp(x: Tensor): Tensor {
  return apply(expOp, [x], null)[0];
}
