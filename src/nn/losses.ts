// Losses: from a model's output and targets to one number. Each row has a weight that the caller has normalised, so
// that sums over shards are the batch's mean.
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import {
  abs,
  add,
  crossEntropy,
  type DType,
  elementCount,
  exp,
  expand,
  fixedShape,
  log,
  logSoftmax,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  type Shape,
  sub,
  type Tensor,
} from "../graph/index.js";
import { sigmoidOp } from "../graph/ops/sigmoid.js";
import { softmaxOp } from "../graph/ops/softmax.js";

interface Loss {
  /** Type and shape of the targets, for an output of this shape. */
  target(output: Shape): { dtype: DType; shape: Shape };
  /** Σ over rows of weight · loss; a scalar. weights (batch). */
  build(output: Tensor, target: Tensor, weights: Tensor): Tensor;
}

const losses = {
  /** −Σ_c y_c log p_c against rows that sum to 1, one-hot as a rule. */
  categoricalCrossentropy: {
    target: (output) => ({ dtype: "float32", shape: output }),
    build: (output, target, weights) =>
      weightedSum(neg(reduceSum(mul(logProbabilities(output), target), [-1])), weights),
  },
  /** −log p_y against class numbers, one a row, or one a position where the output is a sequence. */
  sparseCategoricalCrossentropy: {
    target: (output) => ({ dtype: "int32", shape: output.slice(0, -1) }),
    build(output, target, weights) {
      const logits = output.node.op === softmaxOp ? output.node.inputs[0] : log(add(output, 1e-7));
      if (logits.shape.length === 2) return crossEntropy(logits, target, weights);
      const [rows, ...sizes] = fixedShape(logits.shape, "a loss");
      const positions = elementCount(sizes.slice(0, -1));
      const each = expand(mul(reshape(weights, [rows, 1]), 1 / positions), [rows, positions]);
      const flat = rows * positions;
      return crossEntropy(
        reshape(logits, [flat, sizes[sizes.length - 1]]),
        reshape(target, [flat]),
        reshape(each, [flat]),
      );
    },
  },
  /** −y log p − (1 − y) log(1 − p), the mean over the outputs of a row. */
  binaryCrossentropy: {
    target: (output) => ({ dtype: "float32", shape: output }),
    build(output, y, weights) {
      if (output.node.op !== sigmoidOp) {
        const p = output;
        const rest = neg(sub(p, 1 + 1e-7));
        return weightedSum(neg(add(mul(y, log(add(p, 1e-7))), mul(neg(sub(y, 1)), log(rest)))), weights);
      }
      // From the logits z: max(z, 0) − z y + log(1 + e^−|z|), with max(z, 0) = (z + |z|) / 2 for its slope of ½ at 0.
      const z = output.node.inputs[0];
      const positive = mul(add(z, abs(z)), 0.5);
      return weightedSum(add(sub(positive, mul(z, y)), log(add(exp(neg(abs(z))), 1))), weights);
    },
  },
  /** The mean of squared differences over the outputs of a row. */
  meanSquaredError: {
    target: (output) => ({ dtype: "float32", shape: output }),
    build(output, target, weights) {
      const difference = sub(output, target);
      return weightedSum(mul(difference, difference), weights);
    },
  },
} satisfies Record<string, Loss>;

export type LossName = keyof typeof losses;
export const lossNames = Object.keys(losses) as LossName[];

/** The loss of that name; an unknown one is an error that lists the known. */
export function lossOf(name: LossName): Loss {
  if (Object.hasOwn(losses, name)) return losses[name];
  const names = Object.keys(losses);
  throw new UserError(`loss '${name}' is not known; known are ${names.join(", ")}.${didYouMean(name, names)}`);
}

/** From the logits where the model ends in a softmax: exact where p itself would round to 0. */
function logProbabilities(output: Tensor): Tensor {
  return output.node.op === softmaxOp ? logSoftmax(output.node.inputs[0]) : log(add(output, 1e-7));
}

/** Σ_i w_i · mean of row i. */
function weightedSum(rows: Tensor, weights: Tensor): Tensor {
  const others = rows.shape.map((_, axis) => axis).slice(1);
  const perRow = others.length > 0 ? reduceMean(rows, others) : rows;
  return reduceSum(mul(reshape(perRow, weights.shape), weights), [0], { keepDims: false });
}
