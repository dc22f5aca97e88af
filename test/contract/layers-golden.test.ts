// Layers against PyTorch: outputs and gradients on the same weights. The files' own scripts stand in test/golden.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeOnnx } from "../../src/formats/onnx/encode.js";
import {
  add,
  constant,
  emitModel,
  gradients,
  matmul,
  mul,
  oneHot,
  parameter,
  reduceSum,
  type Tensor,
  transpose,
} from "../../src/graph/index.js";
import {
  applyLayer,
  conv1d,
  embedding,
  type GraphBuild,
  type Layer,
  layerNormalization,
  lstm,
  multiHeadAttention,
  transformerEncoderBlock,
} from "../../src/nn/index.js";
import { openSession } from "../../src/runtime/index.js";
import { type GoldenTensor, readGolden } from "../golden/read.js";

type Tensors = Record<string, GoldenTensor>;
interface Case {
  weights: Tensors;
  dWeights: Tensors;
  input: GoldenTensor;
  output: GoldenTensor;
  dOutput?: GoldenTensor;
  dInput: GoldenTensor;
  attentionMask?: GoldenTensor;
}

interface Check {
  layer: Layer;
  /** Our parameters from PyTorch's, and our gradients from PyTorch's: the same rearrangement. */
  translate(weights: Tensors): Tensors;
  given: Case;
  mask?: GoldenTensor;
  /** PyTorch's convolutions have the channels first. */
  channelsFirst?: boolean;
  attention?: GoldenTensor;
}

async function check({ layer, translate, given, mask, channelsFirst, attention }: Check) {
  const ours = translate(given.weights);
  const leaves = new Map<string, Tensor>();
  const build: GraphBuild = {
    training: false,
    dtype: "float32",
    parameter(name, shape) {
      const known = ours[name.slice("layer/".length)];
      assert.deepEqual([...shape], known.shape, name);
      if (!leaves.has(name)) leaves.set(name, parameter(name, shape));
      return leaves.get(name)!;
    },
  };
  const x = parameter("x", given.input.shape);
  const flip = (t: Tensor) => (channelsFirst ? transpose(t, [0, 2, 1]) : t);
  const applied = applyLayer(layer, { name: "layer", call: "layer" }, [flip(x)], [mask && fixed(mask)], build);
  const output = flip(applied.result);
  const axes = output.shape.map((_, axis) => axis);
  const loss = reduceSum(mul(output, fixed(given.dOutput!)), axes, { keepDims: false });
  const names = [...leaves.keys()];
  const derivatives = gradients(loss, [x, ...leaves.values()]);
  const outputs: Record<string, Tensor> = { output, dx: derivatives[0]! };
  for (const [i, name] of names.entries()) outputs[`d ${name}`] = derivatives[i + 1]!;
  if (attention) outputs.attention = applied.attention!;
  const session = await openSession(encodeOnnx(emitModel(outputs)));
  const feeds = Object.fromEntries([
    ["x", feed(given.input)],
    ...names.map((name) => [name, feed(ours[name.slice("layer/".length)])]),
  ]);
  const got = await session.run(feeds);
  await session.close();
  const where = mask && isKnown(mask, given.output.shape);
  near("output", got.output.data, given.output.data, where);
  near("dInput", got.dx.data, given.dInput.data);
  const dOurs = translate(given.dWeights);
  for (const name of names) near(name, got[`d ${name}`].data, dOurs[name.slice("layer/".length)].data);
  if (attention) near("attention", got.attention.data, attention.data, mask && isKnown(mask, attention.shape, 2));
}

for (const given of readGolden<Case & { epsilon: number }>("torch-layer-norm").cases)
  test(`layer normalisation, ${given.case}`, () =>
    check({
      given,
      layer: layerNormalization({ epsilon: given.epsilon }),
      translate: ({ weight, bias }) => ({ gamma: weight, beta: bias }),
    }));

for (const given of readGolden<Case & { width: number; padding: "valid" | "same" }>("torch-conv1d").cases)
  test(`conv1d, ${given.case}`, () =>
    check({
      given,
      channelsFirst: true,
      layer: conv1d({ filters: given.weights.weight.shape[0], kernelSize: given.width, padding: given.padding }),
      translate: ({ weight, bias }) => ({ kernel: reorder(weight, [2, 1, 0]), bias }),
    }));

for (const given of readGolden<Case & { sizes: { heads: number }; causal: boolean; attention: GoldenTensor }>(
  "torch-attention",
).cases)
  test(`multi-head attention, ${given.case}`, () =>
    check({
      given,
      layer: multiHeadAttention({ heads: given.sizes.heads, causal: given.causal }),
      mask: given.attentionMask,
      attention: given.attention,
      translate: (weights) => attentionWeights(weights, ""),
    }));

interface EncoderCase extends Case {
  sizes: { heads: number; feedForward: number };
  normFirst: boolean;
  activation: "gelu" | "relu";
}
for (const given of readGolden<EncoderCase>("torch-encoder-layer").cases)
  test(`encoder block, ${given.case}`, () =>
    check({
      given,
      layer: transformerEncoderBlock({
        heads: given.sizes.heads,
        feedForwardSize: given.sizes.feedForward,
        normFirst: given.normFirst,
        activation: given.activation,
        dropout: 0,
      }),
      mask: given.attentionMask,
      translate: (weights) => ({
        ...prefixed("attention/", attentionWeights(weights, "self_attn.")),
        "feedForward1/kernel": reorder(weights["linear1.weight"], [1, 0]),
        "feedForward1/bias": weights["linear1.bias"],
        "feedForward2/kernel": reorder(weights["linear2.weight"], [1, 0]),
        "feedForward2/bias": weights["linear2.bias"],
        "norm1/gamma": weights["norm1.weight"],
        "norm1/beta": weights["norm1.bias"],
        "norm2/gamma": weights["norm2.weight"],
        "norm2/beta": weights["norm2.bias"],
      }),
    }));

interface LstmCase extends Case {
  sizes: { T: number; H: number; layers: number; directions: number };
  lengths?: number[];
  lastHidden: GoldenTensor;
  dLastHidden?: GoldenTensor;
  dLastCell?: GoldenTensor;
  initialHidden?: GoldenTensor;
}
const lstmCases = readGolden<LstmCase>("torch-lstm").cases;
// The layer has neither initial states nor a gradient into the last cell; stacked layers are those of a model.
const plain = lstmCases.filter(
  ({ sizes, initialHidden, dLastCell }) => sizes.layers === 1 && !initialHidden && !dLastCell,
);

for (const given of plain.filter(({ dOutput, dLastHidden }) => dOutput && !dLastHidden))
  test(`lstm sequences, ${given.case}`, () => {
    const { H: units, directions } = given.sizes;
    return check({
      given,
      layer: lstm({ units, bidirectional: directions === 2, returnSequences: true }),
      mask: given.lengths && maskOf(given.lengths, given.sizes.T),
      translate: (weights) => lstmWeights(weights, directions === 2),
    });
  });

for (const given of plain.filter(({ dOutput, dLastHidden }) => dLastHidden && !dOutput))
  test(`lstm last output, ${given.case}`, () => {
    const { H: units, directions } = given.sizes;
    return check({
      given: { ...given, output: sideBySide(given.lastHidden), dOutput: sideBySide(given.dLastHidden!) },
      layer: lstm({ units, bidirectional: directions === 2 }),
      mask: given.lengths && maskOf(given.lengths, given.sizes.T),
      translate: (weights) => lstmWeights(weights, directions === 2),
    });
  });

// Padded last states come with a gradient into the cell, which the layer does not have: their values are checked alone.
for (const given of lstmCases.filter(({ lengths, sizes }) => lengths && sizes.layers === 1))
  test(`lstm last output, its value, ${given.case}`, async () => {
    const { H: units, directions, T } = given.sizes;
    const ours = lstmWeights(given.weights, directions === 2);
    const build: GraphBuild = {
      training: false,
      dtype: "float32",
      parameter: (name) => fixed(ours[name.slice("layer/".length)]),
    };
    const layer = lstm({ units, bidirectional: directions === 2 });
    const mask = fixed(maskOf(given.lengths!, T));
    const { result } = applyLayer(layer, { name: "layer", call: "layer" }, [fixed(given.input)], [mask], build);
    const session = await openSession(encodeOnnx(emitModel({ result })));
    near("last", (await session.run({})).result.data, sideBySide(given.lastHidden).data);
    await session.close();
  });

test("embedding: the look-up is the product with one-hot rows, E = X W + b", async () => {
  const [given] = readGolden<{ ids: GoldenTensor; weights: Tensors; output: GoldenTensor }>("torch-embedding").cases;
  const { weight } = given.weights;
  const [vocabSize, embeddingDim] = weight.shape;
  const bias: GoldenTensor = { shape: [embeddingDim], data: [0.5, -1, 2] };
  const values: Tensors = { "layer/table": weight, "layer/bias": bias };
  const build: GraphBuild = { training: false, dtype: "float32", parameter: (name) => fixed(values[name]) };
  const ids = constant(Int32Array.from(given.ids.data), given.ids.shape, "int32");
  const layer = embedding({ vocabSize, embeddingDim, useBias: true });
  const looked = applyLayer(layer, { name: "layer", call: "layer" }, [ids], [], build).result;
  const product = add(matmul(oneHot(ids, vocabSize), fixed(weight)), fixed(bias));
  const session = await openSession(encodeOnnx(emitModel({ looked, product })));
  const got = await session.run({});
  assert.deepEqual(got.looked.data, got.product.data);
  const expected = given.output.data.map((value, i) => value + bias.data[i % embeddingDim]);
  near("output", got.looked.data, expected);
  await session.close();
});

function attentionWeights(weights: Tensors, prefix: string): Tensors {
  const inputWeight = weights[`${prefix}in_proj_weight`];
  const inputBias = weights[`${prefix}in_proj_bias`];
  const width = inputWeight.shape[1];
  const parts = ["query", "key", "value"].flatMap((part, i): [string, GoldenTensor][] => [
    [`${part}/kernel`, reorder(cut(inputWeight, i * width, width), [1, 0])],
    [`${part}/bias`, cut(inputBias, i * width, width)],
  ]);
  return {
    ...Object.fromEntries(parts),
    "output/kernel": reorder(weights[`${prefix}out_proj.weight`], [1, 0]),
    "output/bias": weights[`${prefix}out_proj.bias`],
  };
}

/** PyTorch's two biases are one here: their sum; each has the gradient of the sum. Gates i f g o become i f o g. */
function lstmWeights(weights: Tensors, bidirectional: boolean): Tensors {
  const isGradient = weights.bias_ih_l0.data.every((value, i) => value === weights.bias_hh_l0.data[i]);
  const direction = (suffix: string) => {
    const input = weights[`bias_ih_l0${suffix}`];
    const hidden = weights[`bias_hh_l0${suffix}`];
    const bias = {
      shape: input.shape,
      data: input.data.map((value, i) => (isGradient ? value : value + hidden.data[i])),
    };
    return {
      kernel: reorderGates(weights[`weight_ih_l0${suffix}`]),
      recurrentKernel: reorderGates(weights[`weight_hh_l0${suffix}`]),
      bias: reorderGates(bias),
    };
  };
  return bidirectional
    ? { ...prefixed("forward/", direction("")), ...prefixed("backward/", direction("_reverse")) }
    : direction("");
}

function reorderGates(tensor: GoldenTensor): GoldenTensor {
  const size = tensor.shape[0] / 4;
  return { shape: tensor.shape, data: [0, 1, 3, 2].flatMap((gate) => cut(tensor, gate * size, size).data) };
}

/** (directions, B, H) to (B, directions · H). */
function sideBySide({ shape: [directions, rows, units], data }: GoldenTensor): GoldenTensor {
  const joined: number[] = [];
  for (let row = 0; row < rows; row++)
    for (let d = 0; d < directions; d++)
      joined.push(...data.slice((d * rows + row) * units, (d * rows + row + 1) * units));
  return { shape: [rows, directions * units], data: joined };
}

function maskOf(lengths: readonly number[], steps: number): GoldenTensor {
  const data = lengths.flatMap((length) => Array.from({ length: steps }, (_, t) => (t < length ? 1 : 0)));
  return { shape: [lengths.length, steps], data };
}

/** Which numbers of (B, T, …), or of (B, heads, T, …) with the queries on `axis`, belong to words. */
function isKnown(mask: GoldenTensor, shape: readonly number[], axis = 1): boolean[] | undefined {
  if (shape.length <= axis) return undefined;
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((product, size) => product * size, 1));
  const count = shape[0] * strides[0];
  return Array.from({ length: count }, (_, at) => {
    const row = Math.floor(at / strides[0]);
    const step = Math.floor(at / strides[axis]) % shape[axis];
    return mask.data[row * mask.shape[1] + step] === 1;
  });
}

/** Rows from … of the first axis. */
function cut({ shape, data }: GoldenTensor, from: number, count: number): GoldenTensor {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  return { shape: [count, ...shape.slice(1)], data: data.slice(from * width, (from + count) * width) };
}

/** Axes in another order; order[i] is the old axis of axis i. */
function reorder({ shape, data }: GoldenTensor, order: readonly number[]): GoldenTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const target = order.map((axis) => shape[axis]);
  const result: number[] = [];
  const walk = (depth: number, at: number) => {
    if (depth === target.length) result.push(data[at]);
    else for (let i = 0; i < target[depth]; i++) walk(depth + 1, at + i * strides[order[depth]]);
  };
  walk(0, 0);
  return { shape: target, data: result };
}

const prefixed = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
const fixed = ({ shape, data }: GoldenTensor) => constant(Float32Array.from(data), shape, "float32");
const feed = ({ shape, data }: GoldenTensor) => ({ data: Float32Array.from(data), shape, type: "float32" as const });

function near(what: string, got: ArrayLike<unknown>, expected: readonly number[], where?: readonly boolean[]) {
  assert.equal(got.length, expected.length, what);
  for (const [i, value] of expected.entries())
    if (!where || where[i])
      assert.ok(
        Math.abs(Number(got[i]) - value) <= 2e-5 * Math.max(1, Math.abs(value)),
        `${what}[${i}] is ${got[i]}, PyTorch has ${value}`,
      );
}
