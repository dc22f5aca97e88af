import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { fitNgrams } from "./fit-ngrams.js";
import { similarWords } from "./similar-words.js";
import { createWordVectors, vectorOf } from "./word-vectors.js";

const stems = ["transport", "interest", "understand", "consider", "remember", "establish"];
const endings = ["", "s", "ed", "ing", "er", "able"];
const words = stems.flatMap((stem) => endings.map((ending) => stem + ending));
const dim = 16;
const random = createRandom(2);
const centres = stems.map(() => Array.from({ length: dim }, () => random.normal()));
const vectors = createWordVectors({
  words,
  dim,
  vectors: Float32Array.from({ length: words.length * dim }, (_, i) => {
    const stem = Math.floor(i / dim / endings.length);
    return centres[stem][i % dim] + 0.1 * random.normal();
  }),
});

test("the mean of a word's n-grams is near its vector, and misspelt words are near the right ones", async () => {
  const ngrams = await fitNgrams(vectors, { epochs: 40, seed: 1 });
  const known = { ...vectors, ngrams };
  for (const [row, word] of words.entries()) {
    const spelt = vectorOf({ ...known, ids: new Map() }, word)!;
    const own = vectors.vectors.subarray(row * dim, (row + 1) * dim);
    const away = Math.hypot(...spelt.map((value, d) => value - own[d])) / Math.hypot(...own);
    assert.ok(away < 0.3, `${word}: ${away}`);
  }
  for (const [misspelt, stem] of [
    ["transporrt", "transport"],
    ["understnading", "understand"],
    ["rememberd", "remember"],
    ["considder", "consider"],
  ])
    assert.ok(similarWords(known, [misspelt], { top: 1 })[0].word.startsWith(stem), misspelt);
});

test("the same seed gives the same bits; the file is as small as the vocabulary", async () => {
  const [first, again, other] = await Promise.all([1, 1, 2].map((seed) => fitNgrams(vectors, { seed })));
  assert.deepEqual(first, again);
  assert.notDeepEqual(first.vectors, other.vectors);
  assert.ok(first.buckets <= 1024);
  const short = createWordVectors({ words: ["a", "i"], dim: 1, vectors: Float32Array.of(1, 2) });
  assert.equal((await fitNgrams(short)).buckets, 1);
});
