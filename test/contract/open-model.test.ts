// A trained model in a program: texts and rows, side by side, vectors, closing.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  type Classification,
  openModel,
  pretrain,
  type TextProbability,
  type TextVector,
  trainModel,
} from "../../src/index.js";
import { reviews, writeCsv } from "../cli/columnist.js";

const place = mkdtempSync(join(tmpdir(), "columnist-open-"));
const at = (name: string) => join(place, name);
after(() => rmSync(place, { recursive: true, force: true }));
const threads = 1;
const table = reviews(120);

before(async () => {
  writeCsv(at("reviews.csv"), table);
  const columns = { text: ["title", "body"], label: "mood", threads };
  await trainModel(at("reviews.csv"), { ...columns, model: "linear", out: at("linear") });
  await trainModel(at("reviews.csv"), { ...columns, model: "cnn", epochs: 2, out: at("cnn") });
  writeFileSync(at("texts.txt"), table.map(({ body }) => body).join("\n"));
  const small = { layers: 1, hidden: 16, heads: 2, context: 16, batchTokens: 64, steps: 3, threads };
  await pretrain(at("texts.txt"), { ...small, out: at("lm") });
});

for (const family of ["linear", "cnn"])
  test(`${family}: rows are read as the table was, and calls may overlap`, async () => {
    const model = await openModel<Classification>(at(family), { threads });
    assert.deepEqual([model.task, model.textColumns], ["classify", ["title", "body"]]);
    assert.match(model.output, /^mood, one of 2: bad, good$/);
    const some = table.slice(0, 40);
    const texts = some.map(({ title, body }) => [title, body].filter((part) => part !== "").join("\n"));
    const alone = await model.answer(texts);
    const sideBySide = await Promise.all(some.map((row) => model.answer([{ ...row }])));
    for (const [i, [one]] of sideBySide.entries()) {
      assert.equal(one.label, alone[i].label);
      assert.ok(Math.abs(one.probability - alone[i].probability) < 1e-5);
      assert.ok(Math.abs(one.probabilities.good + one.probabilities.bad - 1) < 1e-5);
    }
    assert.deepEqual(await model.answer([]), []);
    assert.equal((await model.answer([{ title: null, body: undefined }])).length, 1);
    await assert.rejects(model.answer([{ title: "a" }]), /reads column 'body', which a row lacks; it has title/);
    const vectors = await model.encode?.(texts.slice(0, 3));
    assert.equal(vectors?.length, family === "cnn" ? 3 : undefined);
    assert.ok(
      vectors?.every((vector) => vector.length === vectors[0].length && vector.some((value) => value !== 0)) ?? true,
    );
    const pending = model.answer(texts);
    await model.close();
    assert.equal((await pending).length, texts.length);
    await assert.rejects(model.answer(["more"]), /is closed\. Open it again/);
    await model.close();
  });

test("a pretrained encoder gives vectors of texts", async () => {
  const model = await openModel<TextVector>("test/golden/encoders/bert", { threads });
  assert.deepEqual([model.task, model.output, model.textColumns], ["encode", "a vector of 16 numbers", []]);
  const texts = ["my card is lost", ""];
  const [[some, none], vectors] = await Promise.all([model.answer(texts), model.encode!(texts)]);
  assert.deepEqual([some.vector, none.vector], vectors);
  assert.ok(Math.abs(Math.hypot(...some.vector) - 1) < 1e-5);
  assert.ok(none.vector.every((value) => value === 0));
  await assert.rejects(model.answer([{ body: "my card" }]), /Give it texts/);
  await model.close();
});

test("a language model says how probable a text is, and has vectors", async () => {
  const model = await openModel<TextProbability>(at("lm"), { threads });
  assert.equal(model.task, "language");
  const [some, none] = await model.answer(["a great film", ""]);
  assert.ok(some.logProbability < 0 && some.tokens > 0 && some.perplexity > 1 && some.bitsPerByte > 0);
  assert.deepEqual(none, { logProbability: 0, tokens: 0, perplexity: 1, bitsPerByte: 0 });
  const [vector] = await model.encode!(["a great film"]);
  assert.equal(vector.length, 16);
  await model.close();
});

test("what is no model's folder is named", async () => {
  await assert.rejects(openModel(at("nowhere")), { name: "UserError" });
});
