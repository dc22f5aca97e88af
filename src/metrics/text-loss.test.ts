import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../base/random.js";
import { crossFitMixture, fitMixture, mixLogProbabilities } from "./mixture.js";
import { characterCount, textLoss } from "./text-loss.js";

test("loss, perplexity, bits per byte and per character", () => {
  const { loss, perplexity, bitsPerByte, bitsPerCharacter } = textLoss({
    logProbability: 4 * Math.log(1 / 32),
    tokens: 4,
    bytes: 40,
    characters: 10,
  });
  assert.equal(loss, Math.log(32));
  assert.ok(Math.abs(perplexity - 32) < 1e-12);
  assert.ok(Math.abs(bitsPerByte - 0.5) < 1e-12);
  assert.ok(Math.abs(bitsPerCharacter - 2) < 1e-12);
  assert.throws(() => textLoss({ logProbability: 0, tokens: 0, bytes: 0, characters: 0 }), RangeError);
});

test("characters are code points; halves of one count as one each", () => {
  for (const text of ["", "naïve", "👍🏽!", "\ud800", "\udc00\ud800", "a\ud83d"])
    assert.equal(characterCount(text), [...text].length, JSON.stringify(text));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => characterCount(text) === [...text].length));
});

test("the fitted weight is the best one, and a mixture adds up probabilities", () => {
  const random = createRandom(3);
  // Hundredths of each token's probability.
  const [p, q] = [
    [70, 10, 10, 10],
    [5, 15, 30, 50],
  ];
  const drawer = (model: number[]) => model.flatMap((hundredths, token) => new Array<number>(hundredths).fill(token));
  for (const share of [0.15, 0.5, 0.8]) {
    const tokens = Array.from({ length: 20_000 }, () => drawer(random.float() < share ? p : q)[random.integer(100)]);
    const [first, second] = [p, q].map((model) => tokens.map((token) => Math.log(model[token] / 100)));
    const of = (weight: number) => mixLogProbabilities(first, second, weight).reduce((a, b) => a + b, 0);
    const weight = fitMixture(first, second);
    assert.ok(Math.abs(weight - share) < 0.03, `${weight}`);
    assert.ok(of(weight) >= of(weight - 0.01) && of(weight) >= of(weight + 0.01));
    assert.ok(of(weight) > Math.max(of(0), of(1)));
    const { weights, mixed } = crossFitMixture(first, second);
    for (const one of weights) assert.ok(Math.abs(one - share) < 0.04, `${one}`);
    const crosswise = mixed.reduce((a, b) => a + b, 0);
    assert.ok(crosswise <= of(weight) && crosswise > of(weight) - 10);
  }
  const [mixed] = mixLogProbabilities([Math.log(0.5)], [Math.log(0.1)], 0.25);
  assert.ok(Math.abs(mixed - Math.log(0.2)) < 1e-15);
  assert.equal(mixLogProbabilities([-5000], [-6000], 0.5)[0], -5000 + Math.log(0.5));
  assert.equal(fitMixture([-1, -1], [-900, -900]), 1);
  assert.equal(fitMixture([-900, -2], [-1, -1]), 0);
  assert.ok(Math.abs(fitMixture([-1, -900], [-900, -1]) - 0.5) < 1e-8);
  assert.throws(() => fitMixture([0], []), RangeError);
  // Each token is mixed with the weight that the other one asks for.
  const { weights, mixed: two } = crossFitMixture([-1, -9], [-9, -1]);
  assert.deepEqual(weights, [1, 0]);
  assert.deepEqual([...two], [-9, -9]);
  assert.throws(() => crossFitMixture([0], [0]), RangeError);
});
