// Every op against central differences of its own forward pass, from one exhaustive table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, constant, input, mul, type Op, type Tensor } from "../../src/graph/index.js";
import * as ops from "../../src/graph/ops/index.js";
import { checkGradients, type GradientCase } from "../check-gradients.js";

/** Leaves, helpers and ops without a gradient. */
type Plain =
  | "input"
  | "parameter"
  | "randomMask"
  | "leafOf"
  | "constant"
  | "scalar"
  | "equal"
  | "greater"
  | "oneHot"
  | "positions"
  | "dropout"
  // for inference: decoders.test.ts compares them with the ops that have a gradient
  | "cachedAttention"
  | "fusedAttention"
  // for inference: test/contract/eight-bit.test.ts compares them with products and rows of the same numbers
  | "quantizedProducts"
  | "quantizedRows"
  | "takeRows"
  // for inference: decoding-products.test.ts compares them with the numbers of their matrices
  | "blockProduct";
type Differentiable = Exclude<keyof typeof ops, Plain>;

const awayFromZero = (value: number) => value + (value < 0 ? -0.2 : 0.2);
const positive = (value: number) => Math.abs(value) + 0.3;
const ids = (values: number[]) => constant(Int32Array.from(values), [values.length], "int32");
const unary = (op: (x: Tensor) => Tensor, extra: Partial<GradientCase> = {}): GradientCase => ({
  shapes: [[3, 5]],
  build: ([x]) => op(x),
  ...extra,
});

const cases: Record<Differentiable, GradientCase | GradientCase[]> = {
  abs: unary(ops.abs, { values: awayFromZero }),
  exp: unary(ops.exp),
  erf: unary(ops.erf, { dtype: "float32" }),
  gelu: unary(ops.gelu, { dtype: "float32" }),
  geluTanh: unary(ops.geluTanh, { dtype: "float32" }),
  log: unary(ops.log, { values: positive }),
  neg: unary(ops.neg),
  relu: unary(ops.relu, { values: awayFromZero }),
  sigmoid: unary(ops.sigmoid),
  sqrt: unary(ops.sqrt, { values: positive }),
  tanh: unary(ops.tanh),
  softmax: unary(ops.softmax),
  logSoftmax: unary(ops.logSoftmax),
  add: {
    shapes: [
      [2, 3, 4],
      [3, 1],
    ],
    build: ([a, b]) => ops.add(a, b),
  },
  sub: {
    shapes: [
      [3, 4],
      [2, 3, 4],
    ],
    build: ([a, b]) => ops.sub(a, b),
  },
  mul: [
    { shapes: [[2, 3, 4], [4]], build: ([a, b]) => ops.mul(a, b) },
    { shapes: [[5]], build: ([a]) => ops.mul(a, a) },
  ],
  div: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    build: ([a, b]) => ops.div(a, b),
    values: positive,
  },
  where: {
    shapes: [[2, 3], [3]],
    build: ([a, b]) => ops.where(constant(Uint8Array.of(1, 0, 0, 1, 1, 0), [2, 3], "bool"), a, b),
  },
  cast: { shapes: [[2, 3]], build: ([x]) => ops.cast(ops.cast(x, "float64"), "float32"), dtype: "float32" },
  matmul: [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      shapes: [transposeA ? [2, 4, 3] : [2, 3, 4], transposeB ? [2, 5, 4] : [2, 4, 5]],
      build: ([a, b]) => ops.matmul(a, b, { transposeA, transposeB, alpha: 0.7 }),
    })),
  ),
  gemm: [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      shapes: [transposeA ? [4, 3] : [3, 4], transposeB ? [5, 4] : [4, 5]],
      build: ([a, b]) => ops.gemm(a, b, { transposeA, transposeB, alpha: 0.7 }),
    })),
  ),
  linear: [
    { shapes: [[2, 3, 4], [4, 5], [5]], build: ([x, w, b]) => ops.linear(x, w, b) },
    { shapes: [[3, 4], [4, 2], [2]], build: ([x, w, b]) => ops.linear(x, w, b) },
  ],
  linearCrossEntropy: [
    { labelSmoothing: 0, chunkSize: 1000 },
    { labelSmoothing: 0.1, chunkSize: 12 },
  ].map((options) => ({
    shapes: [
      [5, 3],
      [6, 3],
    ],
    build: ([x, w], dtype) => {
      const weights = dtype === "float64" ? Float64Array.of(0.4, 0.1, 0, 0.3, 0.2) : Float32Array.of(1);
      return ops.linearCrossEntropy(x, w, ids([2, 0, 5, 1, 1]), constant(weights, [5], dtype), options);
    },
  })),
  pick: { shapes: [[4, 3]], build: ([x]) => ops.pick(x, ids([2, 0, 1, 1])), dtype: "float32" },
  rmsNorm: { shapes: [[2, 3, 6], [6]], build: ([x, gamma]) => ops.rmsNorm(x, gamma), dtype: "float32" },
  rotary: [
    {},
    { offset: constant(BigInt64Array.of(3n), [1], "int64") },
    { pairs: "adjacent" as const },
    { frequencies: [1, 0.3] },
  ].map((options) => ({
    shapes: [[2, 3, 8]],
    build: ([x]) => ops.rotary(x, { heads: 2, maxLength: 6, ...options }),
    dtype: "float32" as const,
  })),
  silu: unary(ops.silu, { dtype: "float32" }),
  squaredRelu: unary(ops.squaredRelu, { values: awayFromZero }),
  reduceSum: { shapes: [[2, 3, 4]], build: ([x]) => ops.reduceSum(x, [0, -1]) },
  reduceMean: { shapes: [[2, 3, 4]], build: ([x]) => ops.reduceMean(x, [1], { keepDims: false }) },
  reduceMax: { shapes: [[2, 3, 4]], build: ([x]) => ops.reduceMax(x, [1]) },
  maxOverTime: { shapes: [[2, 5, 3]], build: ([x]) => ops.maxOverTime(x) },
  reshape: { shapes: [[2, 6]], build: ([x]) => ops.reshape(x, [3, 4]) },
  transpose: { shapes: [[2, 3, 4]], build: ([x]) => ops.transpose(x, [1, 2, 0]) },
  expand: { shapes: [[2, 1, 3]], build: ([x]) => ops.expand(x, [2, 4, 3]) },
  concat: {
    shapes: [
      [2, 3],
      [2, 4],
    ],
    build: (all) => ops.concat(all, -1),
  },
  slice: { shapes: [[3, 5]], build: ([x]) => ops.slice(x, 1, 1, 4) },
  split: {
    shapes: [[2, 6]],
    build: ([x]) => {
      const [first, , last] = ops.split(x, 1, [2, 1, 3]);
      return ops.concat([last, ops.mul(first, first)], 1);
    },
  },
  pad: [
    { shapes: [[3, 2]], build: ([x]) => ops.pad(x, 1, 2, 1) },
    { shapes: [[3, 4]], build: ([x]) => ops.pad(x, 1, -1, 1) },
  ],
  gather: { shapes: [[4, 3]], build: ([table]) => ops.gather(table, ids([2, 0, 2, 3, 3])) },
  scatterAdd: { shapes: [[5, 3]], build: ([values]) => ops.scatterAdd(ids([1, 0, 1, 3, 1]), values, 4) },
  layerNorm: {
    shapes: [[2, 3, 6], [6], [6]],
    build: ([x, gamma, beta]) => ops.layerNorm(x, gamma, beta),
    dtype: "float32",
  },
  conv1d: [1, 3].map((width) => ({
    shapes: [[2, 5, 3], [width, 3, 4], [4]],
    build: ([x, w, b]) => ops.conv1d(x, w, b),
  })),
  attention: [
    {
      shapes: [
        [2, 3, 4],
        [2, 5, 4],
        [2, 5, 6],
      ],
      build: ([q, k, v]) => ops.attention(q, k, v).result,
    },
    {
      shapes: [
        [2, 3, 4],
        [2, 3, 4],
        [2, 3, 2],
        [3, 3],
      ],
      build: ([q, k, v, bias]) => ops.attention(q, k, v, bias).result,
    },
  ],
  crossEntropy: {
    shapes: [[4, 3]],
    build: ([logits], dtype) =>
      ops.crossEntropy(
        logits,
        ids([2, 0, 1, 1]),
        constant(dtype === "float64" ? Float64Array.of(0.4, 0.1, 0, 0.5) : Float32Array.of(1), [4], dtype),
      ),
  },
  lstm: [false, true].flatMap((reverse) =>
    [false, true].map((masked) => ({
      shapes: [[4, 3, 2], [8, 3], [8, 2], [8]],
      build: ([x, w, r, b]) =>
        ops.lstm(x, w, r, b, {
          reverse,
          mask: masked ? constant(Float64Array.of(1, 1, 1, 1, 1, 0, 1, 0), [4, 1, 2], "float64") : undefined,
        }),
    })),
  ),
  // Two stretches of a sequence, the state carried: the gradients of the second.
  lstmWithState: [false, true].map((reverse) => ({
    shapes: [[3, 2, 2], [8, 2], [8, 2], [8]],
    build: ([x, w, r, b], dtype) => {
      const state = constant(
        dtype === "float64" ? Float64Array.of(0.3, -0.2, 0.5, 0.1) : Float32Array.of(0),
        [2, 2],
        dtype,
      );
      return ops.lstmWithState(x, w, r, b, { reverse, state: { h: state, c: ops.neg(state) } }).result;
    },
  })),
};

for (const [name, given] of Object.entries(cases)) {
  for (const [index, one] of [given].flat().entries())
    test(`gradient of ${name}${index > 0 ? ` (${index + 1})` : ""}`, () => checkGradients(one));
}

test("a wrong gradient is found", async () => {
  const wrong: Op<null> = {
    name: "wrong",
    infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
    emit: (emitter, inputs, outputs) => emitter.addNamed("Tanh", inputs, outputs),
    gradient: (_, [dy]) => [dy && mul(dy, 0.99)],
  };
  await assert.rejects(
    checkGradients({ shapes: [[2, 2]], build: ([x]) => apply(wrong, [x], null)[0] }),
    /by differences/,
  );
});

test("shapes that do not fit are named", () => {
  const x = input("x", [2, 3]);
  assert.throws(() => ops.matmul(x, input("y", [4, 5])), /\(2, 3\) and \(4, 5\)/);
  assert.throws(() => ops.add(x, input("y", [4, 3])), /do not broadcast/);
  assert.throws(() => ops.reshape(x, [5]), /does not have as many elements/);
});
