// Exported folders, read again: the same weights and answers. bench/peers/check_export.py asks Python for the same.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createWordVectors, readVectorsFolder, writeVectorsFolder } from "../../src/embeddings/index.js";
import { openSafetensors } from "../../src/formats/safetensors-file.js";
import { openTextEncoder } from "../../src/networks/encoders/index.js";
import {
  encoderTypes,
  type PretrainedEncoder,
  readEncoder,
  readStaticVectors,
  writeEncoder,
  writeLayout,
} from "../../src/networks/hugging-face/index.js";
import { openSession } from "../../src/runtime/index.js";
import { openTextModel } from "../../src/tasks/index.js";
import { openLanguageModel } from "../../src/tasks/language/index.js";
import { distilVectors } from "../../src/workflows/distil/run.js";
import { exportModel } from "../../src/workflows/export/run.js";
import { indexTable } from "../../src/workflows/index/run.js";
import { pretrain } from "../../src/workflows/pretrain/run.js";
import { trainModel } from "../../src/workflows/train/run.js";
import { reviews, writeCsv } from "../cli/columnist.js";

const place = mkdtempSync(join(tmpdir(), "columnist-export-"));
after(() => rmSync(place, { recursive: true, force: true }));
const at = (name: string) => join(place, name);
const table = at("t.csv");
const texts = ["My card is LOST", "how much money", "", "where's the bank? ".repeat(40)];
const threads = 1;

before(() => {
  const lines = reviews(90).map(
    ({ body, mood }, i) => `"${body.replaceAll('"', "")}",${mood},${mood === "good" ? 4.5 : 1.25},${mood};day${i % 2}`,
  );
  writeFileSync(table, `${["body,mood,stars,tags", ...lines].join("\n")}\n`);
});

const plainly = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

function near(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < found.length; i++)
    assert.ok(Math.abs(found[i] - expected[i]) <= tolerance, `${i}: ${found[i]} ${expected[i]}`);
}

function toWrite(model: PretrainedEncoder, change: Partial<Parameters<typeof writeEncoder>[1]> = {}) {
  const { shape: encoder, prompts, ...rest } = model;
  return { ...rest, encoder, prompt: prompts.usual, ...change };
}

function written(name: string, model: Parameters<typeof writeEncoder>[1]) {
  mkdirSync(at(name));
  return { ...writeEncoder(at(name), model), again: readEncoder(at(name)) };
}

for (const type of encoderTypes)
  test(`${type}: written and read again it is the same encoder`, () => {
    const model = readEncoder(`test/golden/encoders/${type}`);
    const { type: told, again } = written(`again-${type}`, toWrite(model, { prompt: "query: " }));
    assert.equal(told, type);
    assert.deepEqual(plainly(again.shape), plainly(model.shape));
    assert.deepEqual([again.vector, again.maxLength, again.prompts.usual], [model.vector, model.maxLength, "query: "]);
    assert.deepEqual([...again.weights.keys()].sort(), [...model.weights.keys()].sort());
    for (const [name, { data }] of model.weights) assert.deepEqual(again.weights.get(name)!.data, data, name);
    for (const text of texts)
      assert.deepEqual(again.tokenizer.encode(text, 30), model.tokenizer.encode(text, 30), text);
  });

test("texts that are lowercased first still are", () => {
  const model = readEncoder("test/golden/encoders/roberta");
  const { again } = written("lowercase", toWrite(model, { lowercase: true }));
  assert.deepEqual(again.tokenizer.encode("My CARD", 20), model.tokenizer.encode("my card", 20));
});

test("a head that transformers have stands in model.safetensors under its names", () => {
  const model = readEncoder("test/golden/encoders/bert");
  const dense = { kind: "dense", from: 16, to: 16, useBias: true, activation: "tanh", residual: false } as const;
  const matrix = (rows: number, columns: number) => ({
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
  });
  const bias = (size: number) => ({ shape: [size], data: Float32Array.from({ length: size }, (_, i) => i / 10) });
  const weights = new Map([
    ...model.weights,
    ["vector/0/kernel", matrix(16, 16)] as const,
    ["vector/0/bias", bias(16)] as const,
    ["output/kernel", matrix(16, 3)] as const,
    ["output/bias", bias(3)] as const,
  ]);
  const form = { output: "probabilities", activation: "softmax" } as const;
  const head = { form, width: 3, labels: ["a", "b", "c"] };
  const vector = { pooling: ["cls" as const], modules: [dense] };
  const { headClass } = written("head", toWrite(model, { vector, weights, head }));
  assert.equal(headClass, "BertForSequenceClassification");
  const file = openSafetensors(at("head/model.safetensors"));
  assert.deepEqual(file.shapes.get("bert.pooler.dense.weight"), [16, 16]);
  assert.deepEqual(file.shapes.get("classifier.weight"), [3, 16]);
  assert.ok(file.shapes.has("bert.embeddings.word_embeddings.weight"));
  const turned = ({ shape: [from, to], data }: { shape: number[]; data: Float32Array }) =>
    Float32Array.from({ length: from * to }, (_, i) => data[(i % from) * to + Math.floor(i / from)]);
  assert.deepEqual(file.read("bert.pooler.dense.weight"), turned(weights.get("vector/0/kernel") as never));
  assert.deepEqual(file.read("bert.pooler.dense.bias"), weights.get("vector/0/bias")!.data);
  assert.deepEqual(file.read("classifier.weight"), turned(weights.get("output/kernel") as never));
  assert.deepEqual(file.read("classifier.bias"), weights.get("output/bias")!.data);
  file.close();
  // What predicts amounts learned them by their mean and deviation.
  const amounts = { mean: 3, deviation: 2 };
  const linear = { output: "values", activation: "linear", amounts } as const;
  written("amounts", toWrite(model, { vector, weights, head: { form: linear, width: 3 } }));
  const other = openSafetensors(at("amounts/model.safetensors"));
  near(
    other.read("classifier.weight") as Float32Array,
    turned(weights.get("output/kernel") as never).map((one) => one * 2),
    1e-6,
  );
  near(other.read("classifier.bias") as Float32Array, [3, 3.2, 3.4], 1e-6);
  near(other.read("bert.pooler.dense.bias") as Float32Array, weights.get("vector/0/bias")!.data, 0);
  other.close();
  const config = JSON.parse(readFileSync(at("head/config.json"), "utf8"));
  assert.deepEqual(config.id2label, { 0: "a", 1: "b", 2: "c" });
  assert.equal(config.problem_type, "single_label_classification");
});

const trained = {
  classify: { label: "mood", base: "bert", model: "full" },
  multilabel: { label: "tags", base: "distilbert", model: "full", task: "multilabel" },
  regression: { label: "stars", base: "roberta", model: "full", task: "regression" },
  update: { label: "mood", base: "modernbert", model: "lora" },
} as const;

for (const [name, { base, ...settings }] of Object.entries(trained))
  test(`${name}: the folder, its ONNX file and the model give the same answers`, async () => {
    const given = { text: ["body"], epochs: 1, threads, base: `test/golden/encoders/${base}`, ...settings };
    await trainModel(table, { ...given, out: at(name) });
    const out = at(`${name}-exported`);
    const { type, files } = await exportModel(at(name), { out });
    assert.equal(type, base);
    for (const file of [
      "config.json",
      "model.safetensors",
      "tokenizer.json",
      "modules.json",
      "model.onnx",
      "README.md",
    ])
      assert.ok(files.includes(file), file);
    const { model, task } = await openTextModel(at(name), { threads });
    const answers = await model.predict(texts);
    await model.close();
    const again = readEncoder(out);
    const encoder = openTextEncoder({ ...again, encodesEmpty: true }, threads);
    near((await encoder.encode(texts)).vectors, answers, 1e-5);
    await encoder.close();
    const session = await openSession(readFileSync(join(out, "model.onnx")), { threads });
    for (const [row, text] of texts.entries()) {
      const ids = again.tokenizer.encode(text, again.maxLength);
      const feed = (values: ArrayLike<number>) => ({
        data: BigInt64Array.from({ length: values.length }, (_, i) => BigInt(values[i])),
        shape: [1, values.length],
        type: "int64" as const,
      });
      const found = await session.run({
        input_ids: feed(ids),
        attention_mask: feed(new Int32Array(ids.length).fill(1)),
      });
      const own = answers.subarray(row * model.width, (row + 1) * model.width);
      near(found[task.form.output].data as Float32Array, own, 1e-5);
    }
    await session.close();
  });

test("language models in the arrangements llama and gpt2: the same log-probabilities", async () => {
  const small = { layers: 2, hidden: 16, heads: 2, context: 24, batchTokens: 96, steps: 3, threads };
  for (const [name, arrangement] of Object.entries({ llama: "llama", gpt2: "gpt2", modern: "modern" } as const)) {
    await pretrain(table, { text: ["body"], tokenizer: "char", ...small, arrangement, out: at(name) });
    const out = at(`${name}-exported`);
    if (name === "modern") {
      await assert.rejects(exportModel(at(name), { out }), { name: "UserError", message: /arrangement llama or gpt2/ });
      continue;
    }
    assert.equal((await exportModel(at(name), { out })).type, name);
    const [ours, again] = [await openLanguageModel(at(name), { threads }), await openLanguageModel(out, { threads })];
    const ids = texts.slice(0, 2).map((text) => ours.model.tokenizer.encode(text.toLowerCase()));
    const [a, b] = [await ours.model.logProbabilities(ids), await again.model.logProbabilities(ids)];
    for (const [i, one] of a.entries()) near(b[i].slice(1), one.slice(1), 1e-4);
    await ours.model.close();
    await again.model.close();
  }
});

test("vectors of tokens: static vectors that are read as they were", async () => {
  await distilVectors("test/golden/encoders/xlm-roberta", undefined, { out: at("vectors"), dimensions: 6, threads });
  await exportModel(at("vectors"), { out: at("static") });
  const { vectors } = await readVectorsFolder(at("vectors"));
  const again = await readStaticVectors(at("static"));
  assert.deepEqual([again.words, again.vectors], [vectors.words, vectors.vectors]);
  for (const text of texts) assert.deepEqual(again.tokens!.encode(text), vectors.tokens!.encode(text));
});

test("what has no such form, and targets that are no export, are told", async () => {
  const common = { text: ["body"], label: "mood", threads };
  writeCsv(at("r.csv"), reviews(90));
  await trainModel(table, { ...common, model: "linear", out: at("linear") });
  await trainModel(table, { ...common, model: "cnn", epochs: 1, out: at("cnn") });
  const words = createWordVectors({ words: ["a", "b"], dim: 2, vectors: Float32Array.of(1, 0, 0, 1) });
  const data = { source: "none", texts: 1, tokens: 3 };
  await writeVectorsFolder(at("words"), words, { method: "none", lowercase: true, options: {}, data });
  await indexTable(at("r.csv"), { text: ["body"], out: at("index"), threads });
  mkdirSync(at("full"));
  writeFileSync(at("full/notes.txt"), "mine");
  writeFileSync(at("file"), "mine");
  const out = at("never");
  const failing: [string, Parameters<typeof exportModel>[1], RegExp][] = [
    [at("linear"), { out }, /family linear.*columnist predict.*base <encoder> tune full/],
    [at("cnn"), { out }, /family cnn.*model\.onnx/],
    [at("words"), { out }, /Vectors of words.*word2vec.*columnist distil/],
    [at("index"), { out }, /an index.*rows\.parquet/],
    ["test/golden/encoders/bert", { out }, /no folder of columnist/],
    [at("missing"), { out }, /missing/],
    [at("classify"), { out: at("classify") }, /an input/],
    [at("classify"), { out: at("classify/inner") }, /inside .* an input/],
    [at("classify"), { out: at("full") }, /not empty and no earlier export/],
    [at("classify"), { out: at("linear") }, /not empty and no earlier export/],
    [at("classify"), { out: at("file") }, /is a file/],
    [at("classify"), { out: at("classify-exported") }, /earlier export.*overwrite/],
  ];
  for (const [path, options, message] of failing)
    await assert.rejects(exportModel(path, options), { name: "UserError", message }, path);
  writeFileSync(at("classify-exported/notes.txt"), "mine");
  await exportModel(at("classify"), { out: at("classify-exported"), overwrite: true });
  assert.equal(readFileSync(at("classify-exported/notes.txt"), "utf8"), "mine");
  const rule = { noun: "earlier export", isOne: () => false, more: [], overwrite: true };
  const late = writeLayout(at("late"), rule, () => {
    mkdirSync(at("late"));
    writeFileSync(at("late/notes.txt"), "mine");
  });
  await assert.rejects(late, { name: "UserError", message: /late' is not empty and no earlier export/ });
  assert.equal(readFileSync(at("late/notes.txt"), "utf8"), "mine");
  truncateSync(at("classify/weights.safetensors"), 900);
  await assert.rejects(exportModel(at("classify"), { out }), { name: "UserError", message: /weights\.safetensors/ });
});
