// Convolution over time without padding. One product makes every tap's share of every position; taps are then added
// along the diagonal: no copied windows (im2col), and the product's rows are those of x.
import { countOf, expectRank, expectShape, fixed, shiftDim, showShape } from "../shapes.js";
import { apply, type Dim, type Op, type Tensor } from "../tensor.js";
import { concat } from "./concat.js";
import { gemm } from "./gemm.js";
import { pad } from "./pad.js";
import { reduceSum } from "./reduce-sum.js";
import { reshape } from "./reshape.js";
import { transpose } from "./transpose.js";

// y[t] = Σ_k x[t + k] W[k] + b
export const conv1dOp: Op<null> = {
  name: "conv1d",
  infer([x, w, b]) {
    expectRank(x, 3, "conv1d: x");
    expectRank(w, 3, "conv1d: W");
    const [batch, length, inputSize] = x.shape;
    const [width, inputSize2, filters] = w.shape;
    if (inputSize !== inputSize2)
      throw new Error(`conv1d: x ${showShape(x.shape)} and W ${showShape(w.shape)} do not fit`);
    expectShape(b, [filters], "conv1d: b");
    return [{ shape: [batch, shortened(length, fixed(width, "conv1d")), filters], dtype: x.dtype }];
  },
  emit(emitter, [x, w, b], [output], { inputs }) {
    const [, wTensor] = inputs;
    const [width, inputSize, filters] = wTensor.shape.map((dim) => fixed(dim, "conv1d"));
    // (width, in, filters) as (in, width·filters)
    const taps = emitter.add("Reshape", [
      emitter.add("Transpose", [w], { perm: { ints: [1, 0, 2] } }),
      emitter.ints([inputSize, width * filters]),
    ]);
    const shares = emitter.add("MatMul", [x, taps]);
    let sum = "";
    for (let k = 0; k < width; k++) {
      // Counting the end from the back works for a named length as well: 0 would cut everything, so the last is far.
      const end = k === width - 1 ? Number.MAX_SAFE_INTEGER : k + 1 - width;
      const tap = emitter.add("Slice", [
        shares,
        emitter.ints([k, k * filters]),
        emitter.ints([end, (k + 1) * filters]),
        emitter.ints([1, 2]),
      ]);
      sum = sum === "" ? emitter.add("Add", [tap, b]) : emitter.add("Add", [sum, tap]);
    }
    emitter.addNamed("Identity", [sum], [output]);
  },
  // Every tap's share of every position of x.
  flops: ({ inputs: [x, w] }) => 2 * countOf(x) * fixed(w.shape[0], "conv1d") * fixed(w.shape[2], "conv1d"),
  // The shares, one tap of them, and the sum.
  scratch: ({ inputs: [x, w], outputs: [y] }) =>
    (countOf(x) / fixed(x.shape[2], "conv1d")) * fixed(w.shape[0], "conv1d") * fixed(w.shape[2], "conv1d") +
    2 * countOf(y),
  gradient({ inputs: [x, w] }, [dy]) {
    if (!dy) return [];
    const [batch, length, inputSize] = x.shape.map((dim) => fixed(dim, "a gradient"));
    const [width, , filters] = w.shape.map((dim) => fixed(dim, "a gradient"));
    const rows = batch * length;
    // dShares (B·T, width·filters): dy shifted by each tap
    const dShares = reshape(
      concat(
        Array.from({ length: width }, (_, k) => pad(dy, 1, k, width - 1 - k)),
        2,
      ),
      [rows, width * filters],
    );
    const taps = reshape(transpose(w, [1, 0, 2]), [inputSize, width * filters]);
    const dTaps = gemm(reshape(x, [rows, inputSize]), dShares, { transposeA: true });
    return [
      reshape(gemm(dShares, taps, { transposeB: true }), x.shape),
      transpose(reshape(dTaps, [inputSize, width, filters]), [1, 0, 2]),
      reduceSum(dy, [0, 1], { keepDims: false }),
    ];
  },
};

/** x (batch, length, in), W (width, in, filters), b (filters) give (batch, length − width + 1, filters). */
export function conv1d(x: Tensor, w: Tensor, b: Tensor): Tensor {
  return apply(conv1dOp, [x, w, b], null)[0];
}

function shortened(length: Dim, width: number): Dim {
  if (typeof length === "number" && length < width)
    throw new Error(`conv1d: a text of ${length} positions is shorter than the filter's ${width}`);
  return shiftDim(length, 1 - width);
}
