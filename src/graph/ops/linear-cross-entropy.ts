// Cross-entropy of logits x Wᵀ over a large vocabulary, the product and the loss in one. Only some rows' logits stand in
// memory at a time: each chunk's logits, loss and gradients are computed before the next chunk's, as in
// B. Hsu et al. 2024 (Liger), arXiv:2410.10989. So the gradients are made in the forward pass.
import type { Emitter } from "../emitter.js";
import { countOf, expectRank, expectShape, expectType, fixed } from "../shapes.js";
import { apply, type DType, type Op, type Tensor } from "../tensor.js";
import { constantOp } from "./constant.js";
import { mul } from "./mul.js";

export interface LinearCrossEntropy {
  /** Share of the target to spread evenly over the vocabulary. */
  labelSmoothing: number;
  /** Maximum number of logits in memory. */
  chunkSize: number;
  /** False omits the gradients. */
  training: boolean;
}

/** 32 MB of float32: large enough for fast products, small beside (tokens × vocabulary). */
const defaultChunkSize = 8 * 2 ** 20;

// L = Σ_i w_i (lse(z_i) − (1 − ε) z_i,y_i − ε mean(z_i)),  z = x Wᵀ;  dz = w d,  d = softmax(z) − (1 − ε) onehot(y) − ε/V.
// The weights multiply what is narrow, not the logits: dx = w (d W),  dW = dᵀ (w x).
export const linearCrossEntropyOp: Op<LinearCrossEntropy> = {
  name: "linearCrossEntropy",
  infer([x, w, labels, weights], { training }) {
    expectRank(x, 2, "linearCrossEntropy: x");
    const [rows, width] = x.shape;
    expectRank(w, 2, "linearCrossEntropy: W");
    expectShape(w, [w.shape[0], width], "linearCrossEntropy: W");
    expectShape(labels, [rows], "linearCrossEntropy: labels");
    expectType(labels, ["int32", "int64"], "linearCrossEntropy: labels");
    expectShape(weights, [rows], "linearCrossEntropy: weights");
    const loss = { shape: [], dtype: x.dtype };
    // the loss, dL/dx and dL/dW
    return training ? [loss, { shape: x.shape, dtype: x.dtype }, { shape: w.shape, dtype: x.dtype }] : [loss];
  },
  emit(emitter, [x, w, labels, weights], [loss, dx, dw], { inputs: [xTensor, wTensor], attributes }) {
    const { labelSmoothing: epsilon, training } = attributes;
    const type = xTensor.dtype;
    const vocabSize = fixed(wTensor.shape[0], "linearCrossEntropy");
    const chunks = chunksOf(fixed(xTensor.shape[0], "linearCrossEntropy"), vocabSize, attributes.chunkSize);
    const losses: string[] = [];
    const dxParts: string[] = [];
    let dwSum: string | undefined;
    for (const [start, end] of chunks) {
      const cut = (name: string) =>
        chunks.length === 1
          ? name
          : emitter.add("Slice", [name, emitter.ints([start]), emitter.ints([end]), emitter.ints([0])]);
      const rows = cut(x);
      const column = emitter.add("Unsqueeze", [cut(weights), emitter.ints([1])]);
      const places = emitter.add("Unsqueeze", [cut(labels), emitter.ints([1])]);
      const logits = emitter.add("Gemm", [rows, w], { transB: { int: 1 } });
      const probabilities = emitter.add("Softmax", [logits], { axis: { int: -1 } });
      const smoothed = epsilon > 0 ? smoothedLogits(emitter, logits, places, epsilon, type) : undefined;
      const chosen = emitter.add("GatherElements", [probabilities, places], { axis: { int: 1 } });
      losses.push(chunkLoss(emitter, chosen, column, smoothed, type));
      if (!training) continue;
      const spread = epsilon / vocabSize;
      const flat = epsilon > 0 ? emitter.add("Sub", [probabilities, emitter.scalar(spread, type)]) : probabilities;
      // Written over what was gathered: nothing reads the probabilities after that, so they are changed in place.
      const ofTargets = emitter.add("Sub", [chosen, emitter.scalar(1 - epsilon + spread, type)]);
      const d = emitter.add("ScatterElements", [flat, places, ofTargets], { axis: { int: 1 } });
      dxParts.push(emitter.add("Mul", [emitter.add("Gemm", [d, w]), column]));
      const inputs = [d, emitter.add("Mul", [rows, column])];
      if (dwSum !== undefined) inputs.push(dwSum);
      dwSum = emitter.add("Gemm", inputs, { transA: { int: 1 } });
    }
    emitter.addNamed("Sum", losses, [loss]);
    if (!training) return;
    if (dxParts.length === 1) emitter.addNamed("Identity", dxParts, [dx]);
    else emitter.addNamed("Concat", dxParts, [dx], { axis: { int: 0 } });
    emitter.addNamed("Identity", [dwSum!], [dw]);
  },
  // Logits, and the two products of their gradient.
  flops: ({ inputs: [x, w], attributes: { training } }) =>
    (training ? 6 : 2) * countOf(x) * fixed(w.shape[0], "linearCrossEntropy"),
  gradient({ outputs: [, dx, dw], attributes: { training } }, [dLoss]) {
    if (!dLoss) return [];
    if (!training) throw new Error("linearCrossEntropy was built without gradients: give training: true");
    // As a rule the loss is the end of the graph, and its gradient the constant 1: no pass over dW then.
    const isOne = dLoss.node.op === constantOp && dLoss.node.attributes.data === 1;
    return isOne ? [dx, dw] : [mul(dx, dLoss), mul(dw, dLoss)];
  },
};

/**
 * Σ_i w_i (−log softmax(x_i Wᵀ)[y_i]) as a scalar. x (n, width), W (vocabulary, width), labels (n) int below the
 * vocabulary's size, weights (n). `training` also computes the gradients.
 */
export function linearCrossEntropy(
  x: Tensor,
  w: Tensor,
  labels: Tensor,
  weights: Tensor,
  options: Partial<LinearCrossEntropy> = {},
): Tensor {
  const attributes = { labelSmoothing: 0, chunkSize: defaultChunkSize, training: true, ...options };
  return apply(linearCrossEntropyOp, [x, w, labels, weights], attributes)[0];
}

/** Stretches of rows as even as they can be. */
function chunksOf(rows: number, vocabSize: number, chunkSize: number): [start: number, end: number][] {
  const count = Math.min(rows, Math.ceil((rows * vocabSize) / chunkSize));
  return Array.from({ length: count }, (_, i) => [
    Math.floor((rows * i) / count),
    Math.floor((rows * (i + 1)) / count),
  ]);
}

/** Σ_i −w_i log p_i,y, and what smoothing adds: w_i ε (z_i,y − mean(z_i)). */
function chunkLoss(
  emitter: Emitter,
  chosen: string,
  column: string,
  smoothed: string | undefined,
  type: DType,
): string {
  // p below the smallest float counts as that.
  const clamped = emitter.add("Max", [chosen, emitter.scalar(1e-38, type)]);
  const each = emitter.add("Neg", [emitter.add("Log", [clamped])]);
  const all = smoothed === undefined ? each : emitter.add("Add", [each, smoothed]);
  return emitter.add("ReduceSum", [emitter.add("Mul", [all, column])], { keepdims: { int: 0 } });
}

function smoothedLogits(emitter: Emitter, logits: string, places: string, epsilon: number, type: DType): string {
  const chosen = emitter.add("GatherElements", [logits, places], { axis: { int: 1 } });
  const mean = emitter.add("ReduceMean", [logits, emitter.ints([1])]);
  return emitter.add("Mul", [emitter.add("Sub", [chosen, mean]), emitter.scalar(epsilon, type)]);
}
