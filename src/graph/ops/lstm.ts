// One LSTM direction over whole sequences. Source: S. Hochreiter, J. Schmidhuber 1997; gates as in PyTorch's nn.LSTM.
//
// Column-shaped, (T, features, B): the weight is the left operand of every small product, because ONNX Runtime packs the
// right one at each call. Gate order i f o g.
//   z_t = W x_t + b + R h_{t−1};  i, f, o = σ(z), g = tanh(z);  c_t = f c_{t−1} + i g;  h_t = o tanh(c_t)
// Padding: an additive −∞ on i and o and +∞ on f makes a step keep its cell, put out 0 and pass no gradient to z.

import { bodyGraph, type Emitter, onnxNode } from "../emitter.js";
import { countOf, expectRank, expectShape, fixed } from "../shapes.js";
import { apply, type Dim, type DType, type Op, type Tensor } from "../tensor.js";

interface Lstm {
  hiddenSize: number;
  /** Walks from the last step to the first. */
  reverse: boolean;
  /** Whether a mask is among the inputs. */
  isMasked: boolean;
  /** Whether the state to begin with, h and c (H, B), is among the inputs, after the mask. */
  isCarried: boolean;
}

export const lstmOp: Op<Lstm> = {
  name: "lstm",
  infer([x, w, r, b, ...rest], { hiddenSize, isMasked, isCarried }) {
    expectRank(x, 3, "lstm: x");
    const [steps, inputSize, batch] = x.shape;
    expectShape(w, [4 * hiddenSize, inputSize], "lstm: W");
    expectShape(r, [4 * hiddenSize, hiddenSize], "lstm: R");
    expectShape(b, [4 * hiddenSize], "lstm: b");
    if (isMasked) expectShape(rest[0], [steps, 1, batch], "lstm: mask");
    if (isCarried) for (const state of rest.slice(-2)) expectShape(state, [hiddenSize, batch], "lstm: state");
    const spec = (rows: number) => ({ shape: [steps, rows, batch], dtype: x.dtype });
    const state = { shape: [hiddenSize, batch], dtype: x.dtype };
    // y, sigmoid gates (i f o), g, f c_{t−1}, tanh(c), and the state at the end
    return [spec(hiddenSize), spec(3 * hiddenSize), ...[0, 1, 2].map(() => spec(hiddenSize)), state, state];
  },
  emit(emitter, [x, w, r, b, ...rest], [y, s, g, fc, tc, hLast, cLast], { inputs: [xTensor], attributes }) {
    const { hiddenSize: h, reverse, isMasked, isCarried } = attributes;
    const type = xTensor.dtype;
    const batch = xTensor.shape[2];
    const column = emitter.add("Unsqueeze", [b, emitter.ints([1])]);
    let projected = emitter.add("Add", [emitter.add("MatMul", [w, x]), column]);
    if (isMasked) projected = emitter.add("Add", [projected, paddingBias(emitter, rest[0], h, type)]);
    const zeros = isCarried ? "" : zerosFor(emitter, x, h, xTensor);
    const first = isCarried ? rest.slice(-2) : [zeros, zeros];
    const split = emitter.ints([3 * h, h]);
    const thirds = emitter.ints([h, h, h]);
    // Names inside a body must be unlike every other in the graph.
    const n = (name: string) => `${y}_${name}`;
    const value = (name: string, rows: number) => ({ name: n(name), type, shape: [rows, batch] });
    const body = bodyGraph("lstm_step", {
      nodes: [
        onnxNode("Gemm", [r, n("h"), n("xp")], [n("z")]),
        onnxNode("Split", [n("z"), split], [n("zs"), n("zg")], { axis: { int: 0 } }),
        onnxNode("Sigmoid", [n("zs")], [n("s")]),
        onnxNode("Tanh", [n("zg")], [n("g")]),
        onnxNode("Split", [n("s"), thirds], [n("i"), n("f"), n("o")], { axis: { int: 0 } }),
        onnxNode("Mul", [n("f"), n("c")], [n("fc")]),
        onnxNode("Mul", [n("i"), n("g")], [n("ig")]),
        onnxNode("Add", [n("fc"), n("ig")], [n("c1")]),
        onnxNode("Tanh", [n("c1")], [n("tc")]),
        onnxNode("Mul", [n("o"), n("tc")], [n("h1")]),
      ],
      inputs: [value("h", h), value("c", h), value("xp", 4 * h)],
      outputs: [value("h1", h), value("c1", h), value("s", 3 * h), value("g", h), value("fc", h), value("tc", h)],
    });
    const direction = reverse ? 1 : 0;
    emitter.addNamed("Scan", [...first, projected], [hLast, cLast, s, g, fc, tc], {
      body,
      num_scan_inputs: { int: 1 },
      scan_input_directions: { ints: [direction] },
      scan_output_directions: { ints: [direction, direction, direction, direction] },
    });
    const outputGate = emitter.add("Slice", [s, emitter.ints([2 * h]), emitter.ints([3 * h]), emitter.ints([1])]);
    emitter.addNamed("Mul", [outputGate, tc], [y]);
  },
  flops: ({ inputs: [x, w, r] }) => stepFlops(x, w) + stepFlops(x, r),
  // W x + b
  scratch: ({ outputs: [y] }) => 4 * countOf(y),
  // No gradient flows into the state to begin with, nor out of the state at the end: truncated backpropagation.
  gradient({ inputs: [x, w, r, b, ...rest], outputs, attributes }, [dy]) {
    if (!dy) return [];
    const before = attributes.isCarried ? [rest[rest.length - 2]] : [];
    return apply(lstmGradientOp, [dy, x, w, r, b, ...outputs.slice(0, 5), ...before], attributes);
  },
};

// A = o (1 − tanh(c)²);  P = [g i (1−i); f c_{t−1} (1−f); tanh(c) o (1−o); i (1−g²)]: no recurrence, before the loop.
// dc = dh A + dc_next f_next;  dz = [dc; dc; dh; dc] P;  dh_{t−1} = Rᵀ dz + dy_{t−1}: six nodes in the loop.
const lstmGradientOp: Op<Lstm> = {
  name: "lstmGradient",
  infer: ([, x, w, r, b]) => [x, w, r, b].map(({ shape, dtype }) => ({ shape, dtype })),
  // A, f, P, dz and the shifted dy in the loop
  scratch: ({ inputs: [dy] }) => 11 * countOf(dy),
  // Each product of the forward pass has two: one for what was read, one for the weights.
  flops: ({ inputs: [, x, w, r] }) => 2 * (stepFlops(x, w) + stepFlops(x, r)),
  emit(
    emitter,
    [dy, x, w, r, , y, s, g, fc, tc, hFirst],
    [dx, dw, dr, db],
    { inputs, attributes: { hiddenSize: h, reverse } },
  ) {
    const [, xTensor] = inputs;
    const type = xTensor.dtype;
    const [steps, inputSize, batch] = xTensor.shape.map((dim) => fixed(dim, "a gradient"));
    const mul = (a: string, c: string) => emitter.add("Mul", [a, c]);
    const oneMinus = (a: string) => emitter.add("Sub", [emitter.scalar(1, type), a]);
    const zeroStep = emitter.add("Expand", [emitter.scalar(0, type), emitter.ints([1, h, batch])]);
    const zeros = zerosFor(emitter, x, h, xTensor);
    const cut = (a: string, from: number, to: number) =>
      emitter.add("Slice", [a, emitter.ints([from]), emitter.ints([to]), emitter.ints([0])]);
    /** The value of the step before in walking order, at the first one `before`. */
    const shift = (a: string, before: string) =>
      emitter.add("Concat", reverse ? [cut(a, 1, steps), before] : [before, cut(a, 0, steps - 1)], {
        axis: { int: 0 },
      });
    const i = emitter.fresh("i");
    const f = emitter.fresh("f");
    const o = emitter.fresh("o");
    emitter.addNamed("Split", [s, emitter.ints([h, h, h])], [i, f, o], { axis: { int: 1 } });
    const a = mul(o, oneMinus(mul(tc, tc)));
    const p = emitter.add(
      "Concat",
      [mul(mul(g, i), oneMinus(i)), mul(fc, oneMinus(f)), mul(mul(tc, o), oneMinus(o)), mul(i, oneMinus(mul(g, g)))],
      { axis: { int: 1 } },
    );
    const rT = emitter.add("Transpose", [r], { perm: { ints: [1, 0] } });
    const n = (name: string) => `${dx}_${name}`;
    const value = (name: string, rows: number) => ({ name: n(name), type, shape: [rows, batch] });
    const body = bodyGraph("lstm_gradient_step", {
      nodes: [
        onnxNode("Mul", [n("dh"), n("A")], [n("t")]),
        onnxNode("Add", [n("t"), n("dcNext")], [n("dc")]),
        onnxNode("Concat", [n("dc"), n("dc"), n("dh"), n("dc")], [n("d")], { axis: { int: 0 } }),
        onnxNode("Mul", [n("d"), n("P")], [n("dz")]),
        onnxNode("Mul", [n("dc"), n("f")], [n("dcBefore")]),
        onnxNode("Gemm", [rT, n("dz"), n("dyBefore")], [n("dhBefore")]),
      ],
      inputs: [
        value("dh", h),
        value("dcNext", h),
        value("A", h),
        value("f", h),
        value("P", 4 * h),
        value("dyBefore", h),
      ],
      outputs: [value("dhBefore", h), value("dcBefore", h), value("dz", 4 * h)],
    });
    const last = emitter.add("Squeeze", [reverse ? cut(dy, 0, 1) : cut(dy, steps - 1, steps), emitter.ints([0])]);
    const dz = emitter.fresh("dz");
    const direction = reverse ? 0 : 1;
    emitter.addNamed("Scan", [last, zeros, a, f, p, shift(dy, zeroStep)], [n("dh0"), n("dc0"), dz], {
      body,
      num_scan_inputs: { int: 4 },
      scan_input_directions: { ints: [direction, direction, direction, direction] },
      scan_output_directions: { ints: [direction] },
    });
    // Weight gradients: one product over all steps. (4H, T·B) × (T·B, E + H)
    const dzRows = emitter.add("Reshape", [
      emitter.add("Transpose", [dz], { perm: { ints: [1, 0, 2] } }),
      emitter.ints([4 * h, steps * batch]),
    ]);
    const before = hFirst === undefined ? zeroStep : emitter.add("Unsqueeze", [hFirst, emitter.ints([0])]);
    const xh = emitter.add("Concat", [x, shift(y, before)], { axis: { int: 1 } });
    const xhRows = emitter.add("Reshape", [
      emitter.add("Transpose", [xh], { perm: { ints: [0, 2, 1] } }),
      emitter.ints([steps * batch, inputSize + h]),
    ]);
    const dWeights = emitter.add("MatMul", [dzRows, xhRows]);
    emitter.addNamed("Split", [dWeights, emitter.ints([inputSize, h])], [dw, dr], { axis: { int: 1 } });
    emitter.addNamed("ReduceSum", [dzRows, emitter.ints([1])], [db], { keepdims: { int: 0 } });
    emitter.addNamed("MatMul", [emitter.add("Transpose", [w], { perm: { ints: [1, 0] } }), dz], [dx]);
  },
};

/** Of a matrix of weights with each step's columns. */
function stepFlops({ shape: [steps, , batch] }: Tensor, weights: Tensor): number {
  return 2 * countOf(weights) * fixed(steps, "lstm") * fixed(batch, "lstm");
}

export interface LstmSizes {
  /** (T, 1, B), 1 at words and 0 at padding. */
  mask?: Tensor;
  /** Reads from the last step to the first. */
  reverse?: boolean;
  /** Final state of the preceding part of the same sequences: h and c (H, B). Zeros by default. */
  state?: LstmState;
}

export interface LstmState {
  h: Tensor;
  c: Tensor;
}

/**
 * x (T, in, B), W (4H, in), R (4H, H), b (4H), gates i f o g. Gives the outputs (T, H, B), 0 at padding. The mask must
 * mark padding at an end: a masked step between two words would lose the output that the next one reads.
 */
export function lstm(x: Tensor, w: Tensor, r: Tensor, b: Tensor, options: LstmSizes = {}): Tensor {
  return lstmWithState(x, w, r, b, options).result;
}

/** As `lstm`, with the state at the end. No gradient flows through either state. */
export function lstmWithState(
  x: Tensor,
  w: Tensor,
  r: Tensor,
  b: Tensor,
  { mask, reverse = false, state }: LstmSizes = {},
): { result: Tensor; state: LstmState } {
  const hiddenSize = fixed(r.shape[1], "lstm");
  const inputs = [x, w, r, b, ...(mask ? [mask] : []), ...(state ? [state.h, state.c] : [])];
  const attributes = { hiddenSize, reverse, isMasked: mask !== undefined, isCarried: state !== undefined };
  const [result, , , , , h, c] = apply(lstmOp, inputs, attributes);
  return { result, state: { h, c } };
}

/** (1 − mask) · (−10⁴ for i and o, +10⁴ for f, 0 for g): both saturate σ exactly. (T, 4H, B) */
function paddingBias(emitter: Emitter, mask: string, h: number, type: DType): string {
  const data = new (type === "float64" ? Float64Array : Float32Array)(4 * h);
  data
    .fill(-1e4, 0, h)
    .fill(1e4, h, 2 * h)
    .fill(-1e4, 2 * h, 3 * h);
  const signs = emitter.constant({ type, shape: [4 * h, 1], data });
  return emitter.add("Mul", [emitter.add("Sub", [emitter.scalar(1, type), mask]), signs]);
}

function zerosFor(emitter: Emitter, x: string, h: number, xTensor: Tensor): string {
  const zero = emitter.scalar(0, xTensor.dtype);
  const batch: Dim = xTensor.shape[2];
  if (typeof batch === "number") return emitter.add("Expand", [zero, emitter.ints([h, batch])]);
  const size = emitter.add("Shape", [x], { start: { int: 2 }, end: { int: 3 } });
  return emitter.add("Expand", [zero, emitter.add("Concat", [emitter.ints([h]), size], { axis: { int: 0 } })]);
}
