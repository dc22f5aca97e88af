// Fine-tuning of encoders of every architecture: one step's loss and gradients against PyTorch, low-rank updates by differences
// and merged, and training on the rows of a token table that occur.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/base/random.js";
import { encodeOnnx } from "../../src/formats/onnx/encode.js";
import { constant, emitModel, gradients, input, softmax, type Tensor } from "../../src/graph/index.js";
import { encoderTable } from "../../src/networks/encoders/index.js";
import { encoderArchitectures } from "../../src/networks/hugging-face/encoder-architectures.js";
import { encoderTypes, readEncoder } from "../../src/networks/hugging-face/index.js";
import { readWeights, sourceOf } from "../../src/networks/hugging-face/read-weights.js";
import { openWeightFiles } from "../../src/networks/hugging-face/weight-files.js";
import type { NetworkWeights, TextNetwork } from "../../src/networks/index.js";
import {
  isLowRankPart,
  mergeLowRank,
  occurringTokens,
  pairGraph,
  pairLoss,
  pairsIn,
  putRows,
  takeRows,
  tunedEncoder,
} from "../../src/networks/tuned-encoder/index.js";
import { lowRankBuild } from "../../src/networks/tuned-encoder/low-rank.js";
import { graphBuild, initialValues, lossOf } from "../../src/nn/index.js";
import { compileStep, createExecutor, openSession } from "../../src/runtime/index.js";
import { checkGradients } from "../check-gradients.js";
import { type GoldenTensor, readGolden } from "../golden/read.js";

const { cases } = readGolden<{ loss: number; kernel: GoldenTensor; bias: GoldenTensor }>("encoder-gradients");
const texts = new Map(readGolden<{ ids: number[][] }>("encoders").cases.map((one) => [one.case, one.ids]));
const classes = Int32Array.of(0, 1, 2, 0, 1);

function tinyNetwork(name: string, lowRank?: { rank: number; alpha: number }) {
  const base = readEncoder(`test/golden/encoders/${name}`);
  const encoder = { ...base.shape, dropout: 0, attentionDropout: 0 };
  const vector = { pooling: ["mean" as const], modules: [] };
  const shape = { encoder, vector, width: 3, maxLength: base.maxLength, dropout: 0 };
  const width = encoder.width;
  const kernel = Float32Array.from({ length: 3 * width }, (_, i) => Math.sin(3 * Math.floor(i / 3) + 5 * (i % 3)) / 2);
  const weights = new Map([
    ...base.weights,
    ["output/kernel", { shape: [width, 3], data: kernel }] as const,
    ["output/bias", { shape: [3], data: Float32Array.of(0, 0.1, 0.2) }] as const,
  ]);
  return { base, shape, weights: weights as NetworkWeights, network: tunedEncoder(shape, name, lowRank) };
}

/** Loss and gradients of a batch of encoded texts with the classes above, and its logits. */
async function stepOf(network: TextNetwork, weights: NetworkWeights, ids: readonly ArrayLike<number>[]) {
  const length = Math.max(...ids.map((row) => row.length));
  const [rows, size] = [ids.length, [ids.length, length]];
  const build = graphBuild(true);
  const { logits, parameters } = network.build(input("ids", size, "int32"), input("mask", size), build);
  const { build: lossFrom } = lossOf("sparseCategoricalCrossentropy");
  const loss = lossFrom(softmax(logits), input("targets", [rows], "int32"), input("weights", [rows]));
  const leaves = parameters.map(({ name, shape }) => build.parameter(name, shape));
  const found = gradients(loss, leaves);
  const outputs = Object.fromEntries(found.flatMap((g, i) => (g ? [[`g ${parameters[i].name}`, g]] : [])));
  const values = new Map(parameters.map(({ name }) => [name, weights.get(name)!.data]));
  const session = await openSession(encodeOnnx(emitModel({ loss, logits, ...outputs }, { values })), { threads: 1 });
  const [padded, mask] = [new Int32Array(rows * length), new Float32Array(rows * length)];
  for (const [row, own] of ids.entries()) {
    padded.set(own, row * length);
    mask.fill(1, row * length, row * length + own.length);
  }
  const results = await session.run({
    ids: { data: padded, shape: size, type: "int32" },
    mask: { data: mask, shape: size, type: "float32" },
    targets: { data: classes, shape: [rows], type: "int32" },
    weights: { data: new Float32Array(rows).fill(1 / rows), shape: [rows], type: "float32" },
  });
  await session.close();
  const numbers = (name: string) => results[name]?.data as Float32Array | undefined;
  return { loss: numbers("loss")![0], logits: numbers("logits")!, gradient: (name: string) => numbers(`g ${name}`) };
}

test("every architecture has a case", () =>
  assert.deepEqual(cases.map((one) => one.case).sort(), [...encoderTypes].sort()));

for (const { case: name, loss, kernel, bias } of cases)
  test(`${name}: loss and gradients of a step are PyTorch's`, async () => {
    const { base, weights, network } = tinyNetwork(name);
    const step = await stepOf(network, weights, texts.get(name)!);
    assert.ok(Math.abs(step.loss - loss) < 1e-4 * loss, `loss ${step.loss} is not ${loss}`);
    const { names } = encoderArchitectures[base.type];
    const specs = [...base.weights].flatMap(([parameter, { shape }]) =>
      parameter.startsWith("vector/") ? [] : [{ name: parameter, shape, initializer: "zeros" as const }],
    );
    const files = openWeightFiles(`test/golden/encoder-gradients/${name}`);
    const expected = new Map<string, ArrayLike<number>>(
      [...readWeights(specs, (parameter) => sourceOf(parameter, names), files)].map(([key, { data }]) => [key, data]),
    );
    files.close();
    expected.set("output/kernel", kernel.data).set("output/bias", bias.data);
    const whole = Math.hypot(...[...expected.values()].map((data) => Math.hypot(...Array.from(data))));
    for (const [parameter, data] of expected) {
      const found = step.gradient(parameter);
      assert.equal(found?.length, data.length, parameter);
      const error = Math.hypot(...found!.map((value, i) => value - data[i]));
      const size = Math.hypot(...Array.from(data));
      // The bias of the keys has none: what is there is rounding.
      assert.ok(error <= 1e-4 * (size + 1e-3 * whole), `${parameter}: off by ${error / size} of its length`);
    }
  });

test("pairs: loss and gradients of a step are PyTorch's, where each text of a pair is read by itself", async () => {
  const [{ loss }] = readGolden<{ loss: number }>("pair-gradients").cases;
  const { base, weights, network } = tinyNetwork("bert");
  const ids = texts.get("bert")!;
  const length = Math.max(...ids.map((row) => row.length));
  const [rows, size] = [ids.length, [ids.length, length]];
  const { parameters } = network.build(input("ids", size, "int32"), input("mask", size), graphBuild(false));
  const learnt = parameters.filter(({ name }) => !name.startsWith("output/"));
  const step = compileStep({ loss: pairGraph(network, rows, length, true) });
  const executor = await createExecutor({
    parameters: learnt.map(({ name, shape }) => ({ name, shape, data: weights.get(name)!.data })),
    // A step against the gradient itself.
    optimizer: { name: "sgd", learningRate: 1 },
    shards: 1,
    threads: 1,
  });
  const [padded, mask] = [new Int32Array(rows * length), new Float32Array(rows * length)];
  for (const [row, own] of ids.entries()) {
    padded.set(own, row * length);
    mask.fill(1, row * length, row * length + own.length);
  }
  const pairs = pairsIn(
    [Int32Array.from(ids.keys())],
    [...classes].map((label) => [label]),
  );
  const feeds = { ids: padded, mask, targets: pairs.targets[0], weights: pairs.weights[0] };
  const { loss: found } = await executor.step("pairs", () => step, [feeds]);
  assert.ok(Math.abs(found - loss) < 1e-5 * loss, `loss ${found} is not ${loss}`);
  const { names } = encoderArchitectures.bert;
  const files = openWeightFiles("test/golden/pair-gradients");
  const specs = learnt.map(({ name, shape }) => ({ name, shape, initializer: "zeros" as const }));
  const expected = readWeights(specs, (parameter) => sourceOf(parameter, names), files);
  files.close();
  const whole = Math.hypot(...[...expected.values()].map(({ data }) => Math.hypot(...data)));
  const after = executor.parameters();
  for (const [parameter, { data }] of expected) {
    const before = weights.get(parameter)!.data;
    const error = Math.hypot(...data.map((value, i) => before[i] - after.get(parameter)![i] - value));
    // Weights are told to seven digits, and steps are their differences.
    assert.ok(error <= 1e-4 * (Math.hypot(...data) + 1e-2 * whole), `${parameter}: off by ${error}`);
  }
  await executor.close();
  assert.equal(base.type, "bert");
});

test("pairs: gradients to the vectors of texts", () =>
  checkGradients({
    shapes: [[4, 3]],
    build([x], dtype) {
      const pairs = pairsIn([Int32Array.of(0, 1, 2, 3)], [[0], [0, 1], [1], [2]]);
      const fixed = (values: Float32Array) => constant(Float64Array.from(values), [4, 4], dtype);
      return pairLoss(x, fixed(pairs.targets[0]), fixed(pairs.weights[0]));
    },
  }));

test("low-rank updates: gradients to x, A and B", async () => {
  const [rows, from, to, rank] = [3, 5, 4, 2];
  const shapes = [
    [2, rows, from],
    [from, to],
    [from, rank],
    [rank, to],
  ];
  await checkGradients({
    shapes,
    build([x, w, a, b], dtype) {
      const leaves: Record<string, Tensor> = { "p/kernel": w, "p/lowRankA": a, "p/lowRankB": b };
      const plain = { ...graphBuild(true, dtype as "float64"), parameter: (name: string) => leaves[name] };
      const build = lowRankBuild(plain, { rank, alpha: 3 }, []);
      return build.products!(x, [{ kernel: "p/kernel", size: [from, to] }])[0];
    },
  });
});

test("low-rank updates change nothing at first; merged, they are what they were beside the weights", async () => {
  const lowRank = { rank: 3, alpha: 5 };
  const { weights, network, shape } = tinyNetwork("bert", lowRank);
  const ids = texts.get("bert")!;
  const build = graphBuild(false);
  const { parameters } = network.build(input("ids", [1, 8], "int32"), input("mask", [1, 8]), build);
  const updates = parameters.filter(({ name }) => isLowRankPart(name));
  // Of both blocks: query, key, value, output and the two products of the feed-forward part.
  assert.equal(updates.length, 2 * 2 * 6);
  const first = new Map([
    ...weights,
    ...updates.map(
      ({ name, shape: size, initializer }) =>
        [name, { shape: size, data: initialValues(initializer, size, name, 4) }] as const,
    ),
  ]);
  const plain = tunedEncoder(shape, "plain");
  const before = await stepOf(plain, weights, ids);
  assert.deepEqual((await stepOf(network, first, ids)).logits, before.logits);
  const random = createRandom(2);
  const moved = new Map(
    [...first].map(([name, { shape: size, data }]) => [
      name,
      { shape: size, data: isLowRankPart(name) ? data.map((value) => value + 0.2 * random.normal()) : data },
    ]),
  );
  const beside = await stepOf(network, moved, ids);
  const merged = await stepOf(plain, mergeLowRank(moved, lowRank), ids);
  for (const [i, value] of beside.logits.entries())
    assert.ok(Math.abs(value - merged.logits[i]) < 1e-5 * Math.max(1, Math.abs(value)));
  assert.ok(beside.logits.some((value, i) => Math.abs(value - before.logits[i]) > 0.1));
});

test("the rows of a token table that occur give the same step, and go back to their places", async () => {
  const { weights, shape } = tinyNetwork("bert");
  const ids = texts.get("bert")!.map((row) => Int32Array.from(row));
  const { rows, texts: small } = occurringTokens(ids, shape.encoder.vocabSize);
  assert.ok(rows.length < shape.encoder.vocabSize);
  const few = takeRows(weights, encoderTable, rows);
  const network = tunedEncoder({ ...shape, encoder: { ...shape.encoder, vocabSize: rows.length } }, "few");
  const [whole, part] = [await stepOf(tunedEncoder(shape, "all"), weights, ids), await stepOf(network, few, small)];
  assert.deepEqual(part.logits, whole.logits);
  const { data } = few.get(encoderTable)!;
  const moved = new Map([
    ...few,
    [encoderTable, { shape: few.get(encoderTable)!.shape, data: data.map((v) => v + 1) }],
  ]);
  const table = weights.get(encoderTable)!;
  const back = putRows(moved, encoderTable, rows, table).get(encoderTable)!;
  const width = table.shape[1];
  for (let i = 0; i < table.data.length; i++) {
    const isThere = rows.includes(Math.floor(i / width));
    assert.equal(back.data[i], isThere ? Math.fround(table.data[i] + 1) : table.data[i]);
  }
});
