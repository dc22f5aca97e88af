import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { UserError } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { createWordVectors } from "../embeddings/index.js";
import { countPairs } from "./count-pairs.js";
import { strongestEigenvectors } from "./factorise.js";
import { learnWordVectors } from "./learn-words.js";
import { encodeRows, fitSif } from "./sif.js";

test("property: pairs are those of a naive count", () => {
  const row = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 4 }), (rows, window) => {
      const limits = { minCount: 1, mostWords: 100, window, mostPairs: 1e6 };
      const { words, counts, start, columns, values } = countPairs(
        rows.map((words) => words.join(" ")),
        limits,
      );
      const naive = new Map<string, number>();
      for (const words of rows)
        for (const [i, a] of words.entries())
          for (const [j, b] of words.entries())
            if (a !== b && Math.abs(i - j) <= window) naive.set(a + b, (naive.get(a + b) ?? 0) + 1);
      const found = new Map<string, number>();
      for (const [id, word] of words.entries())
        for (let at = start[id]; at < start[id + 1]; at++) found.set(word + words[columns[at]], values[at]);
      assert.deepEqual(new Map([...found].sort()), new Map([...naive].sort()));
      for (const [id, word] of words.entries())
        assert.equal(counts[id], rows.flat().filter((one) => one === word).length);
    }),
  );
});

/** A dense symmetric matrix as the sparse form has it. */
function sparse(dense: number[][]) {
  const start = [0];
  const columns: number[] = [];
  const values: number[] = [];
  for (const row of dense) {
    for (const [j, value] of row.entries())
      if (value !== 0) {
        columns.push(j);
        values.push(value);
      }
    start.push(columns.length);
  }
  return {
    size: dense.length,
    start: Int32Array.from(start),
    columns: Int32Array.from(columns),
    values: Float32Array.from(values),
  };
}

test("eigenvectors: A u = λ u, orthonormal, largest first; also where the rank is smaller than asked", () => {
  const random = createRandom(4);
  const n = 12;
  const factors = Array.from({ length: 5 }, () => Array.from({ length: n }, () => Math.round(random.normal() * 4)));
  const signs = [1, 1, -1, 1, -1];
  const dense = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => factors.reduce((sum, f, k) => sum + signs[k] * f[i] * f[j], 0)),
  );
  const { vectors, values } = strongestEigenvectors(sparse(dense), 5, { seed: 1, iterations: 30 });
  for (let k = 0; k < 5; k++) {
    if (k > 0) assert.ok(Math.abs(values[k]) <= Math.abs(values[k - 1]) + 1e-9);
    for (let i = 0; i < n; i++) {
      const product = dense[i].reduce((sum, value, j) => sum + value * vectors[j * 5 + k], 0);
      assert.ok(Math.abs(product - values[k] * vectors[i * 5 + k]) < 1e-6);
    }
    for (let other = 0; other <= k; other++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += vectors[i * 5 + k] * vectors[i * 5 + other];
      assert.ok(Math.abs(dot - (k === other ? 1 : 0)) < 1e-9);
    }
  }
});

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

test("fewer words than dimensions: the dimension is lowered; nothing to learn is said", async () => {
  assert.equal((await learnWordVectors(["a b c", "b c a"], { dim: 50 })).dim, 3);
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
  const plain = encodeRows({ words, weights }, ["The cat"]).vectors;
  const length = Math.hypot(weights[0], weights[1]);
  assert.ok(Math.abs(plain[0] - weights[0] / length) < 1e-6 && Math.abs(plain[1] - weights[1] / length) < 1e-6);
  const texts = Array.from({ length: 25 }, () => ["the cat", "the dog", "dog", "cat dog"]).flat();
  const sif = fitSif(words, texts);
  const { vectors } = encodeRows(sif, texts);
  for (let row = 0; row < texts.length; row++)
    assert.ok(Math.abs(vectors[2 * row] * sif.common![0] + vectors[2 * row + 1] * sif.common![1]) < 1e-6);
});
