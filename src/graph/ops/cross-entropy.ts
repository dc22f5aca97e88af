// Cross-entropy of logits against class numbers, one weight a row; weights carry class weights, masks and the mean.
import { expectRank, expectShape, expectType } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";

// L = Σ_i w_i (log Σ_c exp(z_ic) − z_i,y_i);  dz = w (softmax(z) − onehot(y)).  Also gives the row losses.
export const crossEntropyOp: Op<null> = {
  name: "crossEntropy",
  infer([logits, labels, weights]) {
    expectRank(logits, 2, "crossEntropy: logits");
    const rows = logits.shape[0];
    expectShape(labels, [rows], "crossEntropy: labels");
    expectType(labels, ["int32", "int64"], "crossEntropy: labels");
    expectShape(weights, [rows], "crossEntropy: weights");
    return [
      { shape: [], dtype: logits.dtype },
      { shape: logits.shape, dtype: logits.dtype },
    ];
  },
  emit(emitter, [logits, labels, weights], [loss, logProbabilities], { inputs: [{ dtype }] }) {
    emitter.addNamed("LogSoftmax", [logits], [logProbabilities], { axis: { int: -1 } });
    const places = emitter.add("Unsqueeze", [labels, emitter.ints([1])]);
    const chosen = emitter.add("GatherElements", [logProbabilities, places], { axis: { int: 1 } });
    const rows = emitter.add("Squeeze", [chosen, emitter.ints([1])]);
    const weighted = emitter.add("Mul", [rows, weights]);
    const sum = emitter.add("ReduceSum", [weighted], { keepdims: { int: 0 } });
    emitter.addNamed("Mul", [sum, emitter.scalar(-1, dtype)], [loss]);
  },
  gradient({ inputs: [, labels, weights], outputs: [, logProbabilities] }, [dLoss]) {
    if (!dLoss) return [];
    const scale = mul(reshape(weights, [weights.shape[0], 1]), dLoss);
    return [apply(softmaxMinusOneHotOp, [logProbabilities, labels, scale], null)[0]];
  },
};

/** scale (softmax − onehot), from log-probabilities. */
const softmaxMinusOneHotOp: Op<null> = {
  name: "softmaxMinusOneHot",
  infer: ([logProbabilities]) => [{ shape: logProbabilities.shape, dtype: logProbabilities.dtype }],
  emit(emitter, [logProbabilities, labels, scale], outputs) {
    const scaled = emitter.add("Mul", [emitter.add("Exp", [logProbabilities]), scale]);
    const places = emitter.add("Unsqueeze", [labels, emitter.ints([1])]);
    emitter.addNamed("ScatterElements", [scaled, places, emitter.add("Neg", [scale])], outputs, {
      axis: { int: 1 },
      reduction: { string: "add" },
    });
  },
};

/** logits (n, classes), labels (n) int, weights (n) give the weighted sum as a scalar. */
export function crossEntropy(logits: Tensor, labels: Tensor, weights: Tensor): Tensor {
  return apply(crossEntropyOp, [logits, labels, weights], null)[0];
}
