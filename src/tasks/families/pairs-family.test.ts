import assert from "node:assert/strict";
import { test } from "node:test";
import { readEncoder } from "../../networks/hugging-face/index.js";
import { classForm, classHead } from "../classify/head.js";
import type { Base } from "./base.js";
import type { TrainingRows } from "./family.js";
import { pairsFamily } from "./pairs-family.js";

const folder = "test/golden/encoders/bert";
const base: Base = { kind: "encoder", encoder: readEncoder(folder), source: { folder } };
const part = (rows: number, labels: number) => ({
  texts: Array.from({ length: rows }, (_, i) => `my card ${["lost", "pay", "where"][i % labels]} ${i}`),
  targets: { width: 1, values: Int32Array.from({ length: rows }, (_, i) => i % labels) },
});
const rowsOf = (training: number, validation: number, labels = 3): TrainingRows => {
  const known = part(training, labels);
  return { head: classHead(3, known.targets), training: known, validation: part(validation, labels) };
};
const family = pairsFamily(classForm);

test("texts of one label come near each other, and others go apart", async () => {
  const rows = rowsOf(24, 6);
  const { model } = await family.train(rows, { base, seed: 1, threads: 1, epochs: 40 });
  const vectors = await model.encoder!.encode(rows.validation.texts);
  await model.close();
  const dim = model.encoder!.dim;
  const vector = (row: number) => vectors.subarray(row * dim, (row + 1) * dim);
  const dot = (a: number, b: number) => vector(a).reduce((sum, value, d) => sum + value * vector(b)[d], 0);
  const cosine = (a: number, b: number) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  for (const row of [0, 1, 2]) {
    const [alike, other] = [cosine(row, row + 3), cosine(row, ((row + 1) % 3) + 3)];
    assert.ok(alike > 0.8 && other < alike - 0.2, `${row}: ${alike} and ${other}`);
  }
});

test("a handful of rows is enough; rows of one label alone are refused", async () => {
  const { model, validation } = await family.train(rowsOf(4, 2), { base, seed: 1, threads: 1, epochs: 1 });
  await model.close();
  assert.equal(validation.length, 6);
  await assert.rejects(family.train(rowsOf(9, 3, 1), { base, seed: 1, threads: 1 }), {
    name: "UserError",
    message:
      "All 9 training rows have the same label, so no two of them differ: pairs need rows with different labels. Add some, " +
      "or choose tune vectors.",
  });
});
