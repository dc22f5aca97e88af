// Gaussian error linear unit, exact: x Φ(x). Source: D. Hendrycks and K. Gimpel 2016, arXiv:1606.08415.
import { apply, type Op, type Tensor } from "../tensor.js";
import { add } from "./add.js";
import { erf } from "./erf.js";
import { exp } from "./exp.js";
import { mul } from "./mul.js";

// d/dx x Φ(x) = Φ(x) + x φ(x);  Φ(x) = ½ (1 + erf(x/√2)),  φ(x) = e^(−x²/2) / √(2π)
export const geluOp: Op<null> = {
  name: "gelu",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Gelu", inputs, outputs),
  gradient({ inputs: [x] }, [dy]) {
    if (!dy) return [];
    const cumulative = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
    const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [mul(dy, add(cumulative, mul(x, density)))];
  },
};

/** x Φ(x), Φ the normal distribution function. */
export function gelu(x: Tensor): Tensor {
  return apply(geluOp, [x], null)[0];
}
