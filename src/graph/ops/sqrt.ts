// Square root.
import { apply, type Op, type Tensor } from "../tensor.js";
import { div } from "./div.js";
import { mul } from "./mul.js";

export const sqrtOp: Op<null> = {
  name: "sqrt",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Sqrt", inputs, outputs),
  gradient: ({ outputs: [y] }, [dy]) => [dy && div(dy, mul(y, 2))],
};

/** Square root. */
export function sqrt(x: Tensor): Tensor {
  return apply(sqrtOp, [x], null)[0];
}
