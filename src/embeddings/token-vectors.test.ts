import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { tokenVectors } from "./token-vectors.js";

const [topics, perTopic, endId, rareId] = [6, 10, 60, 61];
const vocabSize = 62;

/** Texts of one topic each: ids of a topic never stand beside another's, but for the ends between them. */
function texts(count: number): Int32Array {
  const random = createRandom(3);
  const ids: number[] = [rareId];
  for (let text = 0; text < count; text++) {
    for (let i = 0; i < 12; i++) ids.push(perTopic * (text % topics) + random.integer(perTopic));
    ids.push(endId);
  }
  return Int32Array.from(ids);
}

const source = (ids: Int32Array) => ({
  length: ids.length,
  read: (from: number, count: number) => ids.subarray(from, from + count),
});
const vector = (vectors: Float32Array, id: number, dim: number) => vectors.subarray(id * dim, (id + 1) * dim);
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, d) => sum + value * b[d], 0);
const cosine = (a: Float32Array, b: Float32Array) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

test("tokens that stand beside the same ones have near vectors, and the ends of texts part them", async () => {
  const ids = texts(600);
  const before = ids.slice();
  const dim = topics;
  const vectors = await tokenVectors(source(ids), { vocabSize, dim, endId, seed: 1, threads: 2 });
  assert.deepEqual(ids, before);
  assert.equal(vectors.length, vocabSize * dim);
  for (let id = 1; id < topics * perTopic; id++) {
    const own = vector(vectors, id, dim);
    const mate = vector(vectors, id % perTopic === 0 ? id + 1 : id - 1, dim);
    const other = vector(vectors, (id + perTopic) % (topics * perTopic), dim);
    assert.ok(cosine(own, mate) > 0.8, `${id}: ${cosine(own, mate)}`);
    assert.ok(Math.abs(cosine(own, other)) < 0.5, `${id}: ${cosine(own, other)}`);
  }
  assert.ok(Math.abs(Math.sqrt(dot(vectors, vectors) / vocabSize) - 1) < 0.1);
});

test("the same bits on one thread and two; what the text does not decide is random and of the same size", async () => {
  const dim = 100;
  const options = { vocabSize, dim, endId, seed: 1 };
  const one = await tokenVectors(source(texts(300)), { ...options, threads: 1 });
  assert.deepEqual(await tokenVectors(source(texts(300)), { ...options, threads: 2 }), one);
  const other = await tokenVectors(source(texts(300)), { ...options, seed: 2, threads: 2 });
  const rare = vector(one, rareId, dim);
  assert.ok(Math.abs(Math.sqrt(dot(rare, rare)) - 1) < 0.3);
  assert.notDeepEqual(vector(other, rareId, dim), rare);
  assert.ok(one.every(Number.isFinite));
  assert.ok(
    vector(one, 0, dim)
      .subarray(vocabSize)
      .every((value) => value !== 0),
  );
  assert.ok(Math.abs(Math.sqrt(dot(one, one) / vocabSize) - 1) < 0.1);
});

test("no more is counted than was asked for; a text of single rare tokens gives random vectors", async () => {
  const options = { vocabSize, dim: 4, endId, seed: 1, threads: 1 };
  const ids = texts(300);
  const cut = await tokenVectors(source(ids), { ...options, most: 1000 });
  assert.deepEqual(await tokenVectors(source(ids.slice(0, 1000)), options), cut);
  const rare = await tokenVectors(source(Int32Array.of(1, 2, 3)), options);
  const again = await tokenVectors(source(Int32Array.of(3, 2, 1)), options);
  assert.deepEqual(again, rare);
  assert.ok(rare.every(Number.isFinite));
});
