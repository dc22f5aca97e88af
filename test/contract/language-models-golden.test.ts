// Language models against PyTorch on the same weights: logits, gradients, and the losses of ten steps of AdamW.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeOnnx } from "../../src/formats/onnx/encode.js";
import { emitModel, gradients, input, linearCrossEntropy, reshape, type Tensor } from "../../src/graph/index.js";
import {
  buildLanguageNetwork,
  type LanguageNetworkShape,
  languageNetworkOnnx,
  parameterSpecs,
} from "../../src/networks/language/index.js";
import { trainingGraph } from "../../src/networks/language/training-graphs.js";
import { graphBuild } from "../../src/nn/index.js";
import { createExecutor, openSession } from "../../src/runtime/index.js";
import { type GoldenTensor, readGolden } from "../golden/read.js";

interface Case {
  ids: GoldenTensor;
  targets: GoldenTensor;
  weights: Record<string, GoldenTensor>;
  logits: GoldenTensor;
  loss: GoldenTensor;
  gradients: Record<string, GoldenTensor>;
  curve: GoldenTensor;
}

const common = { objective: "next-token", vocabSize: 9, contextLength: 6, layers: 2, width: 8, dropout: 0 } as const;
const attention = { ...common, family: "transformer", heads: 2, queryKeyNorm: false } as const;
const shapes: Record<string, LanguageNetworkShape> = {
  "GPT-2 arrangement": {
    ...attention,
    keyValueHeads: 2,
    feedForwardSize: 16,
    feedForward: "gelu",
    norm: "layer",
    positions: "learned",
    useBias: true,
  },
  "Llama arrangement": {
    ...attention,
    keyValueHeads: 1,
    feedForwardSize: 12,
    feedForward: "swiglu",
    norm: "rms",
    positions: "rotary",
    useBias: false,
  },
  LSTM: { ...common, family: "lstm", hidden: 10, weightDropout: 0 },
};

for (const given of readGolden<Case>("torch-language-models").cases) {
  const shape = shapes[given.case];
  const names = parameterSpecs(shape).map(({ name }) => name);
  const weights = new Map(
    Object.entries(given.weights).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  );
  const values = new Map([...weights].map(([name, { data }]) => [name, data]));
  const rows = given.ids.data.length;

  test(`${given.case}: PyTorch's logits and gradients`, async () => {
    assert.deepEqual([...names].sort(), [...weights.keys()].sort());
    const leaves = new Map<string, Tensor>();
    const plain = graphBuild(false);
    const build = {
      ...plain,
      parameter(name: string, size: readonly number[]) {
        const leaf = leaves.get(name) ?? plain.parameter(name, size);
        leaves.set(name, leaf);
        return leaf;
      },
    };
    const ids = input("ids", given.ids.shape, "int32");
    const { hidden, table } = buildLanguageNetwork(shape, { ids }, build);
    const loss = linearCrossEntropy(
      reshape(hidden, [rows, shape.width]),
      table,
      input("targets", [rows], "int32"),
      input("weights", [rows]),
      { training: true },
    );
    const found = gradients(
      loss,
      names.map((name) => leaves.get(name)!),
    );
    const outputs = Object.fromEntries(names.map((name, i) => [`d ${name}`, found[i]!]));
    const session = await openSession(encodeOnnx(emitModel({ ...outputs, loss }, { values })));
    const result = await session.run({
      ids: { type: "int32", shape: given.ids.shape, data: Int32Array.from(given.ids.data) },
      targets: { type: "int32", shape: [rows], data: Int32Array.from(given.targets.data) },
      weights: { type: "float32", shape: [rows], data: new Float32Array(rows).fill(1 / rows) },
    });
    await session.close();
    near(result.loss.data, given.loss.data, 1e-5, "loss");
    for (const name of names) near(result[`d ${name}`].data, given.gradients[name].data, 2e-5, `gradient of ${name}`);

    const scorer = await openSession(languageNetworkOnnx(shape, weights));
    const { logits } = await scorer.run({
      input_ids: { type: "int64", shape: given.ids.shape, data: BigInt64Array.from(given.ids.data, BigInt) },
      attention_mask: { type: "int64", shape: given.ids.shape, data: new BigInt64Array(rows).fill(1n) },
    });
    await scorer.close();
    assert.deepEqual(logits.shape, given.logits.shape);
    near(logits.data, given.logits.data, 2e-5, "logits");
  });

  test(`${given.case}: PyTorch's losses over ten steps of AdamW`, async () => {
    const executor = await createExecutor({
      parameters: parameterSpecs(shape).map(({ name, shape: size }) => ({
        name,
        shape: size,
        data: values.get(name)!,
        decay: /kernel$/i.test(name),
      })),
      optimizer: { name: "adamw", learningRate: 0.01, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 },
      shards: 1,
      threads: 1,
    });
    const [sequences, length] = given.ids.shape;
    const states = shape.family === "lstm" ? [10, 10, 8, 8] : [];
    const feeds = {
      ids: Int32Array.from(given.ids.data),
      targets: Int32Array.from(given.targets.data),
      weights: new Float32Array(rows).fill(1 / rows),
      ...Object.fromEntries(
        states.map((units, i) => [`${i % 2 ? "c" : "h"}${i >> 1}`, new Float32Array(units * sequences)]),
      ),
    };
    const curve: number[] = [];
    for (let step = 0; step < 10; step++)
      curve.push((await executor.step("step", () => trainingGraph(shape, { sequences, length }, 0), [feeds])).loss);
    await executor.close();
    near(curve, given.curve.data, 1e-4, "losses");
  });
}

function near(ours: ArrayLike<number | bigint>, theirs: ArrayLike<number>, within: number, what: string): void {
  assert.equal(ours.length, theirs.length, what);
  for (let i = 0; i < theirs.length; i++)
    assert.ok(Math.abs(Number(ours[i]) - theirs[i]) <= within, `${what}[${i}]: ${ours[i]} against ${theirs[i]}`);
}
