// Logarithm of the softmax over the last axis: x − log Σ exp(x).
import { apply, type Op, type Tensor } from "../tensor.js";
import { exp } from "./exp.js";
import { mul } from "./mul.js";
import { reduceSum } from "./reduce-sum.js";
import { sub } from "./sub.js";

export const logSoftmaxOp: Op<null> = {
  name: "logSoftmax",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  emit: (emitter, inputs, outputs) => emitter.addNamed("LogSoftmax", inputs, outputs, { axis: { int: -1 } }),
  gradient: ({ outputs: [y] }, [dy]) => [dy && sub(dy, mul(exp(y), reduceSum(dy, [-1])))],
};

export function logSoftmax(x: Tensor): Tensor {
  return apply(logSoftmaxOp, [x], null)[0];
}
