import assert from "node:assert/strict";
import { test } from "node:test";
import type { Head } from "./head.js";
import { initialLanguageParameters } from "./language/network-parameters.js";
import type { LanguageNetworkShape, LstmShape, TransformerShape } from "./language/shape.js";
import { depthBelow, pretrainedNetwork } from "./pretrained-network.js";
import { trainTextNetwork } from "./train-network.js";
import { fineTuning } from "./word-networks/defaults.js";

const transformer: TransformerShape = {
  family: "transformer",
  objective: "next-token",
  vocabSize: 20,
  contextLength: 8,
  layers: 2,
  width: 8,
  heads: 2,
  keyValueHeads: 2,
  feedForwardSize: 16,
  feedForward: "squaredRelu",
  norm: "rms",
  positions: "rotary",
  queryKeyNorm: true,
  useBias: false,
  dropout: 0,
};
const lstm: LstmShape = {
  family: "lstm",
  objective: "next-token",
  vocabSize: 20,
  contextLength: 8,
  layers: 2,
  width: 8,
  hidden: 12,
  dropout: 0,
  weightDropout: 0,
};

test("depth counts from the last layer down to the token vectors, and lower levels learn more slowly", () => {
  const depths = (shape: LanguageNetworkShape, names: string[]) => names.map((name) => depthBelow(shape, name));
  const names = ["output/kernel", "norm/gamma", "blocks/1/norm1/gamma", "blocks/0/norm1/gamma", "embedding/table"];
  assert.deepEqual(depths(transformer, names), [0, 1, 1, 2, 3]);
  const lstmNames = [
    "output/bias",
    "norm/gamma",
    "lstm/1/kernel",
    "lstm/0/bias",
    "embeddingNorm/gamma",
    "embedding/table",
  ];
  assert.deepEqual(depths(lstm, lstmNames), [0, 1, 1, 2, 3, 3]);
  const { rateScale } = fineTuning(transformer, { rows: 100, tokens: 1000, width: 2 });
  const lastLayerEpochs = (rows: number) => fineTuning(transformer, { rows, tokens: 1000, width: 2 }).lastLayer.epochs;
  assert.deepEqual([100, 400, 100_000].map(lastLayerEpochs), [30, 12, 1]);
  const rates = [0, 1, 2, 3].map(rateScale);
  assert.ok(rates.every((rate, depth) => rate > 0 && (depth === 0 || rate < rates[depth - 1])));
});

const head: Head = {
  width: 2,
  output: "probabilities",
  activation: "softmax",
  loss: "sparseCategoricalCrossentropy",
  figure: { name: "loss", higherIsBetter: false, isShare: false, of: () => 0 },
};

for (const body of [transformer, lstm])
  test(`${body.family}: training starts from the given weights, and each moves by its own rate`, async () => {
    const network = pretrainedNetwork({ family: "pretrained", body, width: 2, maxLength: 8, dropout: 0 });
    const start = new Map(initialLanguageParameters(body, 3).map(({ name, data }) => [name, data]));
    const texts = Array.from({ length: 40 }, (_, row) => Int32Array.of(1 + (row % 2), 5 + (row % 7), 3));
    const rows = { ids: texts, targets: { width: 1, values: Int32Array.from(texts, (ids) => ids[0] - 1) } };
    const layer = body.family === "lstm" ? "lstm/0/" : "blocks/0/";
    const { weights } = await trainTextNetwork(
      network,
      head,
      { training: rows, validation: rows },
      {
        epochs: 2,
        batchSize: 8,
        optimizer: { name: "adam", learningRate: 0.01 },
        warmupShare: 0,
        patience: 9,
        seed: 4,
        threads: 1,
        start,
        rateScale: (name) => (name.startsWith(layer) ? 0 : 1),
      },
    );
    const width = body.width;
    const after = (name: string) => weights.get(name)!.data;
    const unseen = after("embedding/table").subarray(15 * width);
    assert.deepEqual(unseen, start.get("embedding/table")!.subarray(15 * width), "tokens that no text has");
    assert.notDeepEqual(
      after("embedding/table").subarray(width, 2 * width),
      start.get("embedding/table")!.subarray(width, 2 * width),
    );
    for (const [name, values] of start) {
      if (name === "embedding/table") continue;
      const isSame = after(name).every((value, i) => value === values[i]);
      assert.equal(isSame, name.startsWith(layer), name);
    }
  });
