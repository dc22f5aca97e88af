// What every layer promises: it saves and loads, gives the same rows alone as in a batch, is deterministic at
// prediction, and one training step moves every parameter.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createRandom } from "../../src/base/random.js";
import { input, loadModel, model, type TensorData } from "../../src/models/index.js";
import { dense, flatten } from "../../src/nn/index.js";
import { allExamples, type LayerExample } from "./layer-table.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-layers-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const rows = 9;

for (const [index, example] of allExamples.entries())
  test(example.title, async () => {
    const { net, x, y } = build(example);
    const before = net.parameters();
    const first = await net.predict(dataFor(x));
    assert.deepEqual((await net.predict(dataFor(x))).data, first.data, "prediction is not deterministic");

    const width = first.data.length / rows;
    for (const row of [0, rows - 1]) {
      const alone = await net.predict(dataFor(x.map((tensor) => rowOf(tensor, row))));
      near(alone.data, first.data.subarray(row * width, (row + 1) * width));
    }

    net.compile({ loss: "meanSquaredError", optimizer: { name: "sgd", learningRate: 0.1 } });
    await net.fit(dataFor(x), y, { batchSize: rows });
    for (const [name, values] of net.parameters())
      assert.ok(
        values.some((value, i) => value !== before.get(name)![i]),
        `a step does not move ${name}`,
      );

    const path = join(folder, String(index));
    await net.save(path);
    for (const file of ["model.json", "weights.safetensors", "model.onnx"]) assert.ok(existsSync(join(path, file)));
    const again = await loadModel(path);
    assert.deepEqual((await again.predict(dataFor(x))).data, (await net.predict(dataFor(x))).data);
    assert.equal(again.summary(), net.summary());
    await Promise.all([net.close(), again.close()]);
  });

/** A layer between inputs and a dense head, and data for it. */
function build({ make, inputs, ids }: LayerExample) {
  const random = createRandom(3);
  const starts = inputs.map((shape, i) => input({ shape, name: `x${i}`, dtype: ids ? "int32" : "float32" }));
  const middle = make()(starts);
  const net = model({ inputs: starts, outputs: dense({ units: 2, name: "head" })(flatten()(middle)), seed: 5 });
  const x = inputs.map((sizes): TensorData => {
    const count = sizes.reduce((product, size) => product * size, rows);
    const value = () => (ids ? random.integer(7) : random.normal());
    return { data: Float32Array.from({ length: count }, value), shape: [rows, ...sizes] };
  });
  const y = { data: Float32Array.from({ length: rows * 2 }, () => random.normal()), shape: [rows, 2] };
  return { net, x, y };
}

/** By name, as a model with several inputs takes it. */
const dataFor = (x: readonly TensorData[]) => Object.fromEntries(x.map((tensor, i) => [`x${i}`, tensor]));

function rowOf({ data, shape: [, ...sizes] }: TensorData, row: number): TensorData {
  const width = sizes.reduce((product, size) => product * size, 1);
  return { data: data.slice(row * width, (row + 1) * width), shape: [1, ...sizes] };
}

function near(got: Float32Array, expected: Float32Array) {
  assert.equal(got.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(
      Math.abs(got[i] - value) <= 1e-5 * Math.max(1, Math.abs(value)),
      `[${i}] is ${got[i]}, in the batch ${value}`,
    );
}
