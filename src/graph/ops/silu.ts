// Sigmoid linear unit x σ(x), also called swish. Sources: S. Elfwing et al. 2017, arXiv:1702.03118.
import { apply, type Op, type Tensor } from "../tensor.js";
import { add } from "./add.js";
import { scalar } from "./constant.js";
import { mul } from "./mul.js";
import { sigmoid } from "./sigmoid.js";
import { sub } from "./sub.js";

export const siluOp: Op<null> = {
  name: "silu",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) =>
    emitter.addNamed("com.microsoft.QuickGelu", inputs, outputs, { alpha: { float: 1 } }),
  gradient({ inputs: [x], outputs: [y] }, [dy]) {
    if (!dy) return [];
    // d/dx x σ = σ + x σ (1 − σ) = σ + y (1 − σ)
    const s = sigmoid(x);
    return [mul(dy, add(s, mul(y, sub(scalar(1, x.dtype), s))))];
  },
};

/** x σ(x); float32 only. */
export function silu(x: Tensor): Tensor {
  return apply(siluOp, [x], null)[0];
}
