// What every layer promises, those from outside too, with what the package exports: it saves and loads, gives the same rows alone as in a batch, is deterministic at
// prediction, and one training step moves every parameter.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { defineLayer, dense, flatten, input, loadModel, model, sequential, type TensorData } from "columnist";
import { createRandom } from "../../src/base/random.js";
import { writeFacts } from "../../src/folders/facts-file.js";
import { customLayers, scale } from "./custom-layers.js";
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
    for (const file of ["columnist.json", "weights.safetensors", "model.onnx"]) assert.ok(existsSync(join(path, file)));
    const again = await loadModel(path, { layers: customLayers });
    assert.deepEqual((await again.predict(dataFor(x))).data, (await net.predict(dataFor(x))).data);
    assert.equal(again.summary(), net.summary());
    await Promise.all([net.close(), again.close()]);
  });

test("a layer from outside: wrong options and kinds, and a model without its definition", async () => {
  const wrong = (work: () => unknown, message: RegExp) => assert.throws(work, { name: "UserError", message });
  wrong(() => scale({ strat: 2 } as never), /scale has no option 'strat'; it has start. Did you mean 'start'/);
  wrong(() => scale({ start: "2" } as never), /start of scale is a number, got "2"/);
  wrong(() => scale({ name: 3 } as never), /'name' of scale/);
  const call = scale.definition.call;
  wrong(() => defineLayer({ kind: "dense", call }), /'dense' is a built-in layer/);
  wrong(() => defineLayer({ kind: "my layer", call }), /a name such as "scale", got "my layer"/);
  const odd = defineLayer({ kind: "odd", options: () => ({ values: new Float32Array(2) }), call });
  wrong(() => odd(), /plain data/);
  const needy = defineLayer({ kind: "needy", call: (_, [x], context) => ({ result: context.parameter("w") ?? x }) });
  assert.throws(() => sequential([input({ shape: [4] }), needy()]).summary(), /layer needy has no parameter 'w'/);

  const net = sequential([input({ shape: [4] }), scale({ start: 0.25 }), dense({ units: 1 })]);
  assert.deepEqual(net.parameters().get("scale/factor"), new Float32Array(4).fill(0.25));
  const path = join(folder, "custom");
  await net.save(path);
  await assert.rejects(loadModel(path), {
    name: "UserError",
    message: /layer of kind 'scale', which is not built in.*loadModel\(folder, \{ layers: \[scale\] \}\)/,
  });
  const { checksum, ...facts } = JSON.parse(
    readFileSync(join(path, "columnist.json"), "utf8").replace('"start": 0.25', '"start": "x"'),
  );
  writeFacts(path, facts);
  await assert.rejects(loadModel(path, { layers: [scale] }), {
    name: "UserError",
    message: /start of scale is a number/,
  });
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
