// Natural logarithm.
import { apply, type Op, type Tensor } from "../tensor.js";
import { div } from "./div.js";

export const logOp: Op<null> = {
  name: "log",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Log", inputs, outputs),
  gradient: ({ inputs: [x] }, [dy]) => [dy && div(dy, x)],
};

/** Natural logarithm. */
export function log(x: Tensor): Tensor {
  return apply(logOp, [x], null)[0];
}
