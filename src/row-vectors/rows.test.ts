import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../base/errors.js";
import { createWordVectors, wordLookup } from "../embeddings/index.js";
import { learnWordVectors } from "./learn-words.js";
import { encodeRows, fitSif } from "./sif.js";

const weather = ["rain and wind today", "wind and rain again", "sun after rain", "cold wind and snow"];
const money = ["pay by card today", "my card was declined", "card payment again", "cash or card to pay"];
const rows = Array.from({ length: 40 }, (_, i) => [weather[i % 4], money[(i * 3) % 4]]).flat();

test("words that stand together come to lie together; the same seed gives the same bits", async () => {
  const words = await learnWordVectors(rows, { dim: 4, seed: 3 });
  const sif = fitSif(words, rows, { removeCommon: false });
  const { vectors, known } = encodeRows(sif, ["rain", "snow wind", "pay cash", "CARD declined", "xyzzy"]);
  const cosine = (a: number, b: number) =>
    Array.from({ length: 4 }, (_, d) => vectors[a * 4 + d] * vectors[b * 4 + d]).reduce((x, y) => x + y);
  assert.ok(cosine(0, 1) > cosine(0, 2));
  assert.ok(cosine(2, 3) > cosine(1, 3));
  assert.deepEqual([...known], [1, 1, 1, 1, 0]);
  assert.deepEqual([...vectors.subarray(16)], [0, 0, 0, 0]);
  assert.deepEqual(await learnWordVectors(rows, { dim: 4, seed: 3 }), words);
});

test("nothing to learn is said", async () => {
  await assert.rejects(learnWordVectors(["one", "two", "one one"]), UserError);
});

test("SIF: the mean by a / (a + p), less its part along the common direction, of unit length", () => {
  const words = createWordVectors({
    words: ["the", "cat", "dog"],
    dim: 2,
    vectors: Float32Array.of(1, 0, 0, 1, 1, 1),
    counts: Float64Array.of(98, 1, 1),
  });
  const { weights } = fitSif(words, [], { removeCommon: false });
  assert.ok(Math.abs(weights[0] - 0.001 / 0.981) < 1e-12 && Math.abs(weights[1] - 0.001 / 0.011) < 1e-12);
  const plain = encodeRows({ words: wordLookup(words), weights }, ["The cat"]).vectors;
  const length = Math.hypot(weights[0], weights[1]);
  assert.ok(Math.abs(plain[0] - weights[0] / length) < 1e-6 && Math.abs(plain[1] - weights[1] / length) < 1e-6);
  const texts = Array.from({ length: 25 }, () => ["the cat", "the dog", "dog", "cat dog"]).flat();
  const sif = fitSif(words, texts);
  const { vectors } = encodeRows(sif, texts);
  for (let row = 0; row < texts.length; row++)
    assert.ok(Math.abs(vectors[2 * row] * sif.common![0] + vectors[2 * row + 1] * sif.common![1]) < 1e-6);
});

test("rows of a script without blanks: a dictionary's words, failing that their ideographs", () => {
  const parts = { words: ["银行", "票", "飞"], dim: 2, vectors: Float32Array.of(1, 0, 0, 1, 1, 1) };
  const encode = (segmented?: boolean) => {
    const { words, weights } = fitSif(createWordVectors({ ...parts, segmented }), [], { weighted: false });
    return [...encodeRows({ words, weights }, ["银行", "银行, 机票", "机票"]).vectors];
  };
  const both = Math.fround(Math.SQRT1_2);
  assert.deepEqual(encode(true), [1, 0, both, both, 0, 1]);
  assert.deepEqual(encode(), [0, 0, 0, 1, 0, 1]);
});
