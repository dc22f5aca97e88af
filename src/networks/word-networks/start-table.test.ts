import assert from "node:assert/strict";
import { test } from "node:test";
import { createWordVectors } from "../../embeddings/index.js";
import { startTable } from "./start-table.js";

test("words get their vectors on one scale, other tokens random ones from the seed", () => {
  const vectors = createWordVectors({
    words: ["river", "bank"],
    dim: 2,
    vectors: new Float32Array([3, -3, 3, 3]),
  });
  const tokens = ["[PAD]", "[UNK]", "bank", "##bank"];
  const { table, found } = startTable(tokens, vectors, 5);
  assert.equal(found, 1);
  const size = 0.05 / Math.sqrt(3);
  assert.ok(Math.abs(table[4] - size) < 1e-7 && Math.abs(table[5] - size) < 1e-7);
  const others = [...table].filter((_, i) => i !== 4 && i !== 5);
  assert.ok(others.every((value) => value !== 0 && Math.abs(value) <= 0.05));
  assert.deepEqual(startTable(tokens, vectors, 5).table, table);
});

test("an ideograph that is no word of segmented vectors has the mean of the words that it stands in", () => {
  const parts = { words: ["银行", "行", "银器"], dim: 1, vectors: new Float32Array([3, 3, -3]) };
  const counts = Float64Array.of(3, 1, 1);
  const size = 0.05 / Math.sqrt(3);
  const tokens = ["银", "行", "器"];
  const { table, found } = startTable(tokens, createWordVectors({ ...parts, counts, segmented: true }), 5);
  assert.equal(found, 3);
  for (const [id, expected] of [size / 2, size, -size].entries()) assert.ok(Math.abs(table[id] - expected) < 1e-7);
  assert.equal(startTable(tokens, createWordVectors({ ...parts, counts }), 5).found, 1);
});
