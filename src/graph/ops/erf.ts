// Gauss error function; dy/dx = 2/√π · e^(−x²).
import { apply, type Op, type Tensor } from "../tensor.js";
import { exp } from "./exp.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";

export const erfOp: Op<null> = {
  name: "erf",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Erf", inputs, outputs),
  gradient: ({ inputs: [x] }, [dy]) => [dy && mul(dy, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))],
};

/** Gauss error function; dy/dx = 2/√π · e^(−x²). */
export function erf(x: Tensor): Tensor {
  return apply(erfOp, [x], null)[0];
}
