import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { comparePaired, type PairedModel } from "./compare-paired.js";
import { mcnemar } from "./mcnemar.js";

const rows = 600;
const random = createRandom(3);
/** What is hard for one is hard for all. */
const hard = Array.from({ length: rows }, () => random.float());

function model(strength: number): PairedModel & { errors: Uint8Array } {
  const errors = Uint8Array.from(hard, (own) => (own + 0.2 * random.float() > strength ? 1 : 0));
  const figure = (sample: ArrayLike<number>) => {
    let wrong = 0;
    for (let i = 0; i < sample.length; i++) wrong += errors[sample[i]];
    return 1 - wrong / sample.length;
  };
  return { errors, figure };
}

const [good, same, better] = [model(0.7), model(0.7), model(0.85)];

test("McNemar's test and Holm over all pairs; differences are surer than the models alone", () => {
  const { models, pairs } = comparePaired(rows, [good, same, better], { seed: 1 });
  assert.deepEqual(
    pairs.map(({ first, second }) => [first, second]),
    [
      [0, 1],
      [0, 2],
      [1, 2],
    ],
  );
  for (const { first, second, probability, corrected, difference, interval, test: name } of pairs) {
    const [a, b] = [[good, same, better][first].errors, [good, same, better][second].errors];
    const only = (one: Uint8Array, other: Uint8Array) => one.filter((error, row) => error < other[row]).length;
    assert.equal(probability, mcnemar(only(a, b), only(b, a)));
    assert.equal(name, "mcnemar");
    assert.ok(corrected >= probability && interval.low < difference && difference < interval.high);
    assert.ok(Math.abs(difference - (models[first].value - models[second].value)) < 1e-12);
  }
  assert.ok(pairs[0].corrected > 0.2 && pairs[1].corrected < 1e-6 && pairs[1].difference < 0);
  const width = models[0].interval.high - models[0].interval.low;
  assert.ok(pairs[0].interval.high - pairs[0].interval.low < 0.7 * width);
});

test("the smallest difference that can be shown is just beyond chance", () => {
  const [{ smallest }] = comparePaired(rows, [good, same]).pairs;
  const split = good.errors.filter((error, row) => error !== same.errors[row]).length;
  const lead = Math.round(smallest * rows);
  assert.ok(mcnemar((split + lead) / 2, (split - lead) / 2) < 0.05);
  assert.ok(mcnemar((split + lead) / 2 - 1, (split - lead) / 2 + 1) >= 0.05);
  assert.equal(comparePaired(rows, [good, good]).pairs[0].smallest, 6 / rows);
});

test("without errors, or with clusters, the bootstrap alone tells", () => {
  const [{ test: name, probability, smallest }] = comparePaired(rows, [{ figure: good.figure }, better]).pairs;
  assert.equal(name, "bootstrap");
  assert.ok(probability > 0 && probability < 0.01 && smallest > 0.01 && smallest < 0.1);
  const clusters = Int32Array.from(hard, (own) => Math.floor(own * 20));
  const [pair] = comparePaired(rows, [good, better], { clusters }).pairs;
  assert.equal(pair.test, "bootstrap");
  assert.throws(() => comparePaired(rows, [good]), /a comparison needs two/);
});
