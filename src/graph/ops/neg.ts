// −x.
import { apply, type Op, type Tensor } from "../tensor.js";

export const negOp: Op<null> = {
  name: "neg",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Neg", inputs, outputs),
  gradient: (_, [dy]) => [dy && neg(dy)],
};

/** −x. */
export function neg(x: Tensor): Tensor {
  return apply(negOp, [x], null)[0];
}
