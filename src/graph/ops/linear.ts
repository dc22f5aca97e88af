// Y = X W + b over the last axis of X. One Gemm on the flattened rows: the bias costs no pass of its own.
import { countOf, expectShape, fixed, showShape } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { gemm } from "./gemm.js";
import { reduceSum } from "./reduce-sum.js";
import { reshape } from "./reshape.js";

export const linearOp: Op<null> = {
  name: "linear",
  infer([x, w, b]) {
    const [inputSize, outputSize] = w.shape;
    if (x.shape.length < 1 || x.shape.at(-1) !== inputSize)
      throw new Error(`linear: x ${showShape(x.shape)} and W ${showShape(w.shape)} do not fit`);
    expectShape(b, [outputSize], "linear: b");
    return [{ shape: [...x.shape.slice(0, -1), outputSize], dtype: x.dtype }];
  },
  emit(emitter, [x, w, b], [output], { inputs, outputs }) {
    const [{ shape }, weight] = inputs;
    if (shape.length === 2) return emitter.addNamed("Gemm", [x, w, b], [output]);
    if (shape.filter((dim) => typeof dim === "string").length > 1) {
      emitter.addNamed("Add", [emitter.add("MatMul", [x, w]), b], [output]);
      return;
    }
    const rows = emitter.add("Reshape", [x, emitter.ints([-1, fixed(weight.shape[0], "linear")])]);
    const target = outputs[0].shape.map((dim) => (typeof dim === "string" ? -1 : dim));
    emitter.addNamed("Reshape", [emitter.add("Gemm", [rows, w, b]), emitter.ints(target)], [output]);
  },
  flops: ({ inputs: [, w], outputs: [y] }) => 2 * countOf(y) * fixed(w.shape[0], "linear"),
  gradient({ inputs: [x, w] }, [dy]) {
    if (!dy) return [];
    const [inputSize, outputSize] = w.shape;
    const rows = (t: Tensor, size: typeof inputSize) => reshape(t, [countRows(t), size]);
    const dyRows = rows(dy, outputSize);
    return [
      reshape(gemm(dyRows, w, { transposeB: true }), x.shape),
      gemm(rows(x, inputSize), dyRows, { transposeA: true }),
      reduceSum(dyRows, [0], { keepDims: false }),
    ];
  },
};

/** x W + b. x (…, in), W (in, out), b (out) give (…, out). */
export function linear(x: Tensor, w: Tensor, b: Tensor): Tensor {
  return apply(linearOp, [x, w, b], null)[0];
}

function countRows(tensor: Tensor): number {
  return tensor.shape.slice(0, -1).reduce<number>((product, dim) => product * fixed(dim, "a gradient"), 1);
}
