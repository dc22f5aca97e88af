// Softmax over the last axis: exp(x) / Σ exp(x), computed without overflow.
import { apply, type Op, type Tensor } from "../tensor.js";
import { mul } from "./mul.js";
import { reduceSum } from "./reduce-sum.js";
import { sub } from "./sub.js";

export const softmaxOp: Op<null> = {
  name: "softmax",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("Softmax", inputs, outputs, { axis: { int: -1 } }),
  gradient({ outputs: [p] }, [dp]) {
    if (!dp) return [];
    // dx = t − p Σt,  t = dp p
    const t = mul(dp, p);
    return [sub(t, mul(p, reduceSum(t, [-1])))];
  },
};

export function softmax(x: Tensor): Tensor {
  return apply(softmaxOp, [x], null)[0];
}
