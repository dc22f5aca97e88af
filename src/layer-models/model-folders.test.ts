import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { factsPath, writeFacts } from "../folders/facts-file.js";
import { dense, dropout, embedding, lstm } from "../nn/index.js";
import { input, loadModel, sequential } from "./index.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-model-folders-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const classifier = () =>
  sequential([
    embedding({ vocabSize: 30, embeddingDim: 8, inputLength: 6 }),
    lstm({ units: 8 }),
    dropout(0.2),
    dense({ units: 2, activation: "softmax" }),
  ]);

test("damaged folders are told apart", async () => {
  const net = classifier();
  const path = join(folder, "damaged");
  await net.save(path);
  const { checksum: _, ...good } = JSON.parse(readFileSync(factsPath(path), "utf8"));
  const changeFacts = (changed: object) => writeFacts(path, { ...good, ...changed });
  const rejects = (work: Promise<unknown>, message: RegExp) => assert.rejects(work, { name: "UserError", message });
  await rejects(loadModel(join(folder, "none")), /no layer model folder '.*none'.*model\.save/);
  await rejects(loadModel(join(path, "model.onnx")), /is a file/);
  type Plan = { layers: { kind: string; config: object }[]; calls: { inputs: object[] }[] };
  const withPlan = (change: (plan: Plan) => void) => {
    const plan = structuredClone(good.plan) as Plan;
    change(plan);
    changeFacts({ plan });
    return loadModel(path);
  };
  await rejects(
    withPlan(({ layers }) => {
      layers[0].kind = "evil";
    }),
    /layer of kind 'evil', which is not built in/,
  );
  await rejects(
    withPlan(({ layers }) => {
      layers[3].config = { units: 5, activation: "softmax" };
    }),
    /dense\/kernel/,
  );
  await rejects(
    withPlan(({ calls }) => {
      calls[0].inputs = [{ call: 2, output: "result" }];
    }),
    /before it is defined/,
  );
  changeFacts({ formatVersion: 9 });
  await rejects(loadModel(path), /Update columnist/);
  changeFacts({});
  const weights = join(path, "weights.safetensors");
  const bytes = readFileSync(weights);
  bytes[bytes.length - 3] ^= 1;
  writeFileSync(weights, bytes);
  await rejects(loadModel(path), /weights\.safetensors is damaged: its checksum/);
  writeFileSync(weights, "short");
  await rejects(loadModel(path), /bytes, not/);
  rmSync(weights);
  await rejects(loadModel(path), /has no weights\.safetensors/);
});

test("a model of layers does not take the place of something else", async () => {
  const path = join(folder, "notes");
  mkdirSync(path);
  writeFileSync(join(path, "notes.txt"), "mine");
  await assert.rejects(classifier().save(path), { name: "UserError", message: /is not empty/ });
  assert.deepEqual(readdirSync(path), ["notes.txt"]);
});

test("a loaded model answers with finite numbers, unless it is asked something else", async () => {
  const path = join(folder, "overflowing");
  await sequential([input({ shape: [2] }), dense({ units: 16 })]).save(path);
  const loaded = await loadModel(path);
  await assert.rejects(
    loaded.predict([
      [3.3e38, 3.3e38],
      [3.3e38, -3.3e38],
    ]),
    {
      name: "UserError",
      message: /'.*overflowing' answers -?Infinity: x is too large for it/,
    },
  );
  assert.ok(Number.isNaN((await loaded.predict({ data: Float32Array.of(Number.NaN, 1), shape: [1, 2] })).data[0]));
});
