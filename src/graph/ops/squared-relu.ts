// max(x, 0)². Source: D. So et al. 2021 (Primer), arXiv:2109.08668.
import { apply, type Op, type Tensor } from "../tensor.js";
import { mul } from "./mul.js";
import { relu } from "./relu.js";

export const squaredReluOp: Op<null> = {
  name: "squaredRelu",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit(emitter, [x], outputs) {
    const positive = emitter.add("Relu", [x]);
    emitter.addNamed("Mul", [positive, positive], outputs);
  },
  // 2 max(x, 0) dy: no pass for the zeros.
  gradient: ({ inputs: [x] }, [dy]) => [dy && mul(mul(relu(x), 2), dy)],
};

/** max(x, 0)². */
export function squaredRelu(x: Tensor): Tensor {
  return apply(squaredReluOp, [x], null)[0];
}
