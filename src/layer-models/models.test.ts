// Training, prediction and saving of small models on planted tasks. No test here looks at the clock.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createRandom } from "../base/random.js";
import {
  add,
  concatenate,
  dense,
  dropout,
  embedding,
  globalAveragePooling,
  globalMaxPooling,
  layerNormalization,
  lstm,
  masking,
  multiHeadAttention,
  residual,
} from "../nn/index.js";
import { attentionWeights, input, loadModel, model, oneHot, sequential, type TensorData, toNested } from "./index.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-models-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const vocabSize = 30;
const length = 6;

/** Class 1 has words from the upper half of the vocabulary in most places. */
function planted(rows: number, seed: number): { x: number[][]; y: number[] } {
  const random = createRandom(seed);
  const y = Array.from({ length: rows }, () => random.integer(2));
  const x = y.map((label) =>
    Array.from({ length }, () => {
      const half = random.float() < 0.8 ? label : 1 - label;
      return 1 + half * 14 + random.integer(14);
    }),
  );
  return { x, y };
}

const classifier = (seed = 1, rate = 0.2) => {
  const net = sequential(
    [
      embedding({ vocabSize, embeddingDim: 8, inputLength: length }),
      lstm({ units: 8 }),
      dropout(rate),
      dense({ units: 2, activation: "softmax" }),
    ],
    { seed },
  );
  net.compile({
    loss: "sparseCategoricalCrossentropy",
    optimizer: { name: "adam", learningRate: 0.02 },
    metrics: ["accuracy"],
  });
  return net;
};

test("training learns a planted task, and the history is Keras's", async () => {
  const [train, held] = [planted(240, 1), planted(100, 2)];
  const net = classifier();
  const { history, stopped } = await net.fit(train.x, train.y, { epochs: 4, validationData: [held.x, held.y] });
  assert.equal(stopped, "finished");
  assert.deepEqual(Object.keys(history).sort(), ["accuracy", "loss", "valAccuracy", "valLoss"]);
  assert.ok(Object.values(history).every((list) => list.length === 4));
  assert.ok(history.valAccuracy[3] > 0.85, `held-out accuracy ${history.valAccuracy}`);
  const { loss, accuracy } = await net.evaluate(held.x, held.y);
  assert.equal(accuracy, history.valAccuracy[3]);
  assert.ok(Math.abs(loss - history.valLoss[3]) < 1e-5);
  // The evaluation's graph and the one that predict runs agree.
  const rows = toNested(await net.predict(held.x));
  const right = rows.filter(([a, b], i) => Number(b > a) === held.y[i]).length;
  assert.equal(right / held.y.length, accuracy);
  await net.close();
});

test("same seed, same bits on one thread and on two; another seed, other bits", async () => {
  const { x, y } = planted(70, 3);
  const weights = async (seed: number, threads: number) => {
    const net = classifier(seed, 0.5);
    await net.fit(x, y, { epochs: 2, batchSize: 16, threads });
    return [...net.parameters().values()].flatMap((values) => [...values]);
  };
  const one = await weights(5, 1);
  assert.deepEqual(await weights(5, 2), one);
  assert.notDeepEqual(await weights(6, 1), one);
});

test("a short last batch counts its own rows only: one batch of all rows and a split with padding agree", async () => {
  const { x, y } = planted(21, 4);
  const net = classifier(1, 0);
  const whole = await net.evaluate(x, y, { batchSize: 21 });
  const parts = await net.evaluate(x, y, { batchSize: 16 });
  assert.ok(Math.abs(whole.loss - parts.loss) < 1e-6, `${whole.loss} and ${parts.loss}`);
  assert.equal(whole.accuracy, parts.accuracy);
});

test("class weights and sample weights are the same weights", async () => {
  const { x, y } = planted(40, 5);
  const trained = async (weights: object) => {
    const net = classifier(1, 0);
    await net.fit(x, y, { batchSize: 16, ...weights });
    return [...net.parameters().values()];
  };
  const byClass = await trained({ classWeight: { 0: 1, 1: 3 } });
  assert.deepEqual(await trained({ sampleWeight: y.map((label) => (label === 1 ? 3 : 1)) }), byClass);
  assert.notDeepEqual(await trained({}), byClass);
});

test("a model that was loaded predicts the same and goes on training", async () => {
  const { x, y } = planted(64, 6);
  const net = classifier();
  await net.fit(x, y);
  const path = join(folder, "again");
  await net.save(path);
  await net.save(path);
  const again = await loadModel(path);
  assert.deepEqual((await again.predict(x)).data, (await net.predict(x)).data);
  const before = await again.evaluate(x, y);
  await again.fit(x, y, { epochs: 3 });
  assert.ok((await again.evaluate(x, y)).loss < before.loss);
  await Promise.all([net.close(), again.close()]);
});

test("early stopping keeps the best epoch", async () => {
  const { x, y } = planted(64, 7);
  const held = planted(40, 8);
  const net = classifier();
  const { history, keptEpoch, stopped } = await net.fit(x, y, {
    epochs: 30,
    validationData: [held.x, held.y.map((label) => 1 - label)],
    earlyStopping: { monitor: "loss", patience: 2 },
  });
  assert.equal(stopped, "early");
  assert.equal(history.valLoss.length, keptEpoch + 3);
  assert.equal(history.valLoss[keptEpoch], Math.min(...history.valLoss));
});

test("an abort stops at the next step and leaves a usable model", async () => {
  const { x, y } = planted(200, 9);
  const abort = new AbortController();
  const net = classifier();
  let steps = 0;
  const { stopped } = await net.fit(x, y, {
    epochs: 50,
    signal: abort.signal,
    onEvent: (event) => {
      if (event.kind === "step" && ++steps === 9) abort.abort();
    },
  });
  assert.equal(stopped, "cancelled");
  assert.equal(steps, 9);
  assert.equal((await net.predict(x)).shape[0], 200);
  await net.close();
});

test("padding does not change what masked layers give, and free lengths go through the ONNX file", async () => {
  const net = sequential([
    embedding({ vocabSize, embeddingDim: 4, maskZero: true }),
    lstm({ units: 3, bidirectional: true, returnSequences: true }),
    residual([layerNormalization(), dense({ units: 6, activation: "tanh" })]),
    multiHeadAttention({ heads: 2 }),
    lstm({ units: 3, bidirectional: true }),
    dense({ units: 2 }),
  ]);
  const short = await net.predict([[4, 5, 6]]);
  const padded = await net.predict([[4, 5, 6, 0, 0, 0, 0]]);
  for (const [i, value] of short.data.entries()) assert.ok(Math.abs(value - padded.data[i]) < 1e-6);
  // Rows of different lengths are padded here.
  const ragged = await net.predict([
    [4, 5, 6],
    [9, 9, 9, 9, 9],
  ]);
  for (const [i, value] of short.data.entries()) assert.ok(Math.abs(value - ragged.data[i]) < 1e-6);
  await net.close();
});

test("frozen vectors stay as they are given", async () => {
  const { x, y } = planted(32, 10);
  const weights = Array.from({ length: vocabSize }, (_, id) => [id / 10, -id / 20, 1]);
  const net = sequential([
    embedding({ vocabSize, embeddingDim: 3, inputLength: length, weights, trainable: false }),
    globalAveragePooling(),
    dense({ units: 2, activation: "softmax" }),
  ]);
  net.compile({ loss: "categoricalCrossentropy" });
  const before = net.parameters();
  await net.fit(x, oneHot(y, 2));
  assert.deepEqual(before.get("embedding/table"), Float32Array.from(weights.flat()));
  assert.deepEqual(net.parameters().get("embedding/table"), before.get("embedding/table"));
  assert.notDeepEqual(net.parameters().get("dense/kernel"), before.get("dense/kernel"));
});

test("functional: shared layers, several inputs and outputs, attention weights", async () => {
  const left = input({ shape: [null], dtype: "int32", name: "left" });
  const right = input({ shape: [4], dtype: "int32", name: "right" });
  const known = input({ shape: [4], name: "right_mask" });
  const words = embedding({ vocabSize, embeddingDim: 4 });
  const attended = multiHeadAttention({ heads: 2 })(masking()([words(right), known]));
  const both = concatenate()([globalMaxPooling()(words(left)), globalMaxPooling()(attended)]);
  const hidden = dense({ units: 8, activation: "relu" })(both);
  const net = model({
    inputs: [left, right, known],
    outputs: {
      topic: dense({ units: 3, activation: "softmax" })(add()([hidden, hidden])),
      score: dense({ units: 1 })(hidden),
      weights: attentionWeights(attended),
    },
  });
  net.compile({ loss: { topic: "sparseCategoricalCrossentropy", score: "meanSquaredError" }, metrics: ["accuracy"] });
  const x = {
    left: [
      [1, 2],
      [3, 4],
    ],
    right: [
      [5, 6, 7, 8],
      [1, 2, 3, 4],
    ],
    right_mask: [
      [1, 1, 0, 0],
      [1, 1, 1, 1],
    ],
  };
  const { history } = await net.fit(x, { topic: [0, 2], score: [[1], [2]] }, { epochs: 3 });
  assert.ok(history.loss[2] < history.loss[0]);
  const answer: Record<string, TensorData> = await net.predict(x);
  assert.deepEqual(answer.topic.shape, [2, 3]);
  assert.deepEqual(answer.weights.shape, [2, 2, 4, 4]);
  assert.deepEqual([...answer.weights.data.subarray(2, 4)], [0, 0], "padding is not looked at");
  assert.equal([...net.parameters().keys()].filter((name) => name.startsWith("embedding")).length, 1);
  const path = join(folder, "functional");
  await net.save(path);
  const again = await loadModel<Record<string, TensorData>>(path);
  assert.deepEqual((await again.predict(x)).topic.data, answer.topic.data);
  assert.match(net.summary(), /concatenate +\(batch, 8\) +0 +globalMaxPooling, globalMaxPooling2/);
  await Promise.all([net.close(), again.close()]);
});

test("a chain without an input learns its width from the data", async () => {
  const net = sequential([dense({ units: 1, activation: "sigmoid" })]);
  net.compile({ loss: "binaryCrossentropy", optimizer: { name: "sgd", learningRate: 1 }, metrics: ["accuracy"] });
  assert.throws(() => net.summary(), /start the layers with input/);
  const x = Array.from({ length: 40 }, (_, i) => [i % 2, (i * 7) % 5]);
  const { history } = await net.fit(
    x,
    x.map(([a]) => a),
    { epochs: 40, batchSize: 8 },
  );
  assert.ok(history.accuracy[39] > 0.95, `${history.accuracy[39]}`);
});

test("summary", () => {
  assert.equal(
    classifier().summary(),
    `Layer      Output shape   Parameters
────────────────────────────────────
embedding  (batch, 6, 8)         240
lstm       (batch, 8)            544
dropout    (batch, 8)              0
dense      (batch, 2)             18
────────────────────────────────────
Parameters: 802 (802 trainable), 3.2 kB as float32`,
  );
});

test("bad calls get errors that name what was received", async () => {
  const { x, y } = planted(10, 11);
  const net = classifier();
  const rejects = (work: Promise<unknown>, pattern: RegExp) =>
    assert.rejects(work, { name: "UserError", message: pattern });
  const throws = (work: () => unknown, pattern: RegExp) => assert.throws(work, { name: "UserError", message: pattern });

  await rejects(
    net.fit(
      x.map((row) => row.slice(1)),
      y,
    ),
    /rows of 5, not 6/,
  );
  await rejects(net.fit([...x.slice(0, 9), [1, 2, 3, 4, 5, 30]], y), /row 9 of x contains the id 30.*are 0 to 29/);
  await rejects(net.fit([[1, 2, 3, 4, 5, -1]], [0]), /row 0 of x contains the id -1/);
  await rejects(net.fit([[1, 2, 3, 4, 5, 0.5]], [0]), /row 0 of x contains 0.5, but whole numbers/);
  await rejects(net.fit([[1, 2, 3, 4, 5, 6], [1]], [0, 1]), /row 1 of x has 1 numbers/);
  await rejects(net.fit(x, y.slice(1)), /y has 9 rows, the inputs have 10/);
  await rejects(net.fit([], []), /x has no rows|x has shape/);
  await rejects(
    net.fit(
      x,
      y.map(() => 2),
    ),
    /has the class 2.*0 to 1/,
  );
  await rejects(net.fit(x, oneHot(y, 2)), /look like one-hot rows: use the loss "categoricalCrossentropy"/);
  await rejects(net.fit(x, y, { epoch: 3 } as object), /no option 'epoch'.*Did you mean 'epochs'/);
  await rejects(net.fit(x, y, { classWeight: { 0: 1 } }), /no weight for class 1/);
  await rejects(net.predict("text" as never), /x is a list of rows/);
  await rejects(net.fit(x, y, { earlyStopping: { monitor: "acuracy", patience: 1 } }), /Did you mean 'accuracy'/);

  net.compile({ loss: "categoricalCrossentropy" });
  await rejects(net.fit(x, y), /use the loss "sparseCategoricalCrossentropy"/);
  await rejects(
    net.fit(x.slice(0, 2), [
      [1, 0],
      [1, 1],
    ]),
    /row 1 of y is \(1, 1\), not one-hot/,
  );

  throws(() => net.compile({ loss: "categoricalCrossEntropy" as never }), /Did you mean 'categoricalCrossentropy'/);
  throws(() => net.compile({ loss: "meanSquaredError", optimizer: "adm" as never }), /Did you mean 'adam'/);
  throws(() => net.compile({ loss: "meanSquaredError", metrics: ["acc" as never] }), /metric 'acc' is not known/);
  throws(() => dense({ units: 2, activation: "softmx" as never }), /got "softmx".*Did you mean 'softmax'/);
  throws(() => dense({ units: 0 }), /'units' of dense/);
  throws(() => dense({ unit: 2 } as never), /Did you mean 'units'/);
  throws(() => dropout(1), /'rate' of dropout/);
  throws(() => sequential([dense as never]), /call it, as in dense/);
  throws(
    () => sequential([embedding({ vocabSize: 3, embeddingDim: 2 }), embedding({ vocabSize: 3, embeddingDim: 2 })]),
    /layer 'embedding2'/,
  );
  await rejects(sequential([input({ shape: [2] }), dense({ units: 1 })]).fit([[1, 2]], [1]), /call model.compile/);
});

test("a loss that is not a number stops training and says what to try", async () => {
  const net = sequential([input({ shape: [1] }), dense({ units: 1 })]);
  net.compile({ loss: "meanSquaredError", optimizer: { name: "sgd", learningRate: 1e20 } });
  const before = net.parameters();
  const work = net.fit([[1e10], [-1e10]], [[1e10], [2]], { epochs: 5 });
  await assert.rejects(work, { name: "UserError", message: /the loss became .* smaller learning rate/ });
  assert.deepEqual(net.parameters(), before, "the parameters are those from before the fit");
});
