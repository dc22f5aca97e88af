import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { UserError } from "../base/errors.js";
import { decodeSafetensors, encodeSafetensors, type NamedArray } from "../formats/safetensors.js";
import { discountsOf } from "./discounts.js";
import { type NgramModel, ngramCounts } from "./ngram-model.js";
import { checksumOf, ngramFromTensors, ngramToTensors } from "./ngram-tensors.js";
import { distribution, logProbabilities } from "./score-ngram.js";
import { trainNgram } from "./train-ngram.js";

interface GoldenCase {
  case: string;
  order: number;
  vocabSize: number;
  endId: number | null;
  texts: number[][];
  heldOut: number[][];
  counts: number[];
  discounts: number[][];
  logProbabilities: number[][];
  contexts: number[][];
  distributions: number[][];
}
const golden = JSON.parse(readFileSync("test/golden/ngram.json", "utf8")) as { cases: GoldenCase[] };
const ids = (tokens: readonly number[]) => Int32Array.from(tokens);

function near(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < found.length; i++)
    assert.ok(Math.abs(found[i] - expected[i]) <= tolerance, `${i}: ${found[i]} is not ${expected[i]}`);
}

for (const one of golden.cases)
  test(`n-grams: the plain definition's numbers (${one.case})`, async () => {
    const { order, vocabSize, endId } = one;
    const model = await trainNgram(one.texts.map(ids), { order, vocabSize, endId: endId ?? undefined });
    assert.deepEqual(ngramCounts(model).slice(1), one.counts.slice(1));
    for (const [i, discounts] of one.discounts.entries()) near(model.discounts[i], discounts, 1e-12);
    for (const [i, text] of one.heldOut.entries())
      near(logProbabilities(model, ids(text)), one.logProbabilities[i], 1e-6);
    for (const [i, context] of one.contexts.entries())
      near(distribution(model, ids(context)), one.distributions[i], 1e-7);
  });

const corpora = fc
  .record({ order: fc.integer({ min: 1, max: 5 }), vocabSize: fc.integer({ min: 2, max: 9 }), isEnded: fc.boolean() })
  .chain(({ order, vocabSize, isEnded }) =>
    fc.record({
      order: fc.constant(order),
      vocabSize: fc.constant(vocabSize),
      endId: fc.constant(isEnded ? vocabSize - 1 : undefined),
      texts: fc
        .array(fc.array(fc.nat(vocabSize - 1), { maxLength: 12 }), { minLength: 1, maxLength: 12 })
        .filter((texts) => texts.flat().some((id) => !isEnded || id !== vocabSize - 1)),
      context: fc.array(fc.nat(vocabSize - 1), { maxLength: 9 }),
    }),
  );

test("n-grams: every context's distribution sums to one and is what scoring says", async () => {
  await fc.assert(
    fc.asyncProperty(corpora, async ({ order, vocabSize, endId, texts, context }) => {
      const model = await trainNgram(texts.map(ids), { order, vocabSize, endId });
      const probabilities = distribution(model, ids(context));
      const sum = probabilities.reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 1) < 1e-6, `sums to ${sum}`);
      for (let id = 0; id < vocabSize; id++) {
        assert.ok(probabilities[id] > 0);
        near(logProbabilities(model, ids([...context, id])).slice(-1), [Math.log(probabilities[id])], 1e-12);
      }
    }),
    { seed: 7, numRuns: 200 },
  );
});

test("n-grams: an end inside of a text divides it, empty texts do not count", async () => {
  const options = { order: 4, vocabSize: 6, endId: 5 };
  const apart = await trainNgram([[1, 2, 3], [], [2, 3], [4]].map(ids), options);
  const joined = await trainNgram([[5, 1, 2, 3, 5, 5, 2, 3, 5], [4]].map(ids), options);
  assert.deepEqual(joined, apart);
  const [first, second] = [logProbabilities(apart, ids([2, 3])), logProbabilities(apart, ids([1, 2, 5, 2, 3]))];
  assert.deepEqual(second.slice(3), first);
});

test("n-grams: saved and read they give the same bits", async () => {
  const { texts, heldOut, order, vocabSize, endId } = golden.cases[3];
  const model = await trainNgram(texts.map(ids), { order, vocabSize, endId: endId ?? undefined });
  const { tensors, config } = ngramToTensors(model);
  const read = ngramFromTensors(
    decodeSafetensors(encodeSafetensors(tensors)).tensors,
    JSON.parse(JSON.stringify(config)),
  );
  assert.deepEqual(read, model);
  assert.deepEqual(logProbabilities(read, ids(heldOut[0])), logProbabilities(model, ids(heldOut[0])));
});

test("n-grams: damage is refused, and what has a fitting checksum still gives probabilities", async () => {
  const { texts, heldOut, order, vocabSize, endId } = golden.cases[2];
  const model = await trainNgram(texts.map(ids), { order, vocabSize, endId: endId ?? undefined });
  const { tensors, config } = ngramToTensors(model);
  const withFitting = (changed: Map<string, NamedArray>) =>
    ngramFromTensors(changed, { ...config, checksum: checksumOf(changed) });
  for (const [name, { shape, data }] of tensors) {
    const changed = data.slice() as Float32Array | Int32Array;
    changed[changed.length >> 1] *= 0.5;
    changed[changed.length - 1] += 1;
    assert.throws(
      () => ngramFromTensors(new Map(tensors).set(name, { shape, data: changed }), config),
      /checksum/,
      name,
    );
    const without = new Map(tensors);
    without.delete(name);
    assert.throws(() => withFitting(without), UserError, name);
    const shorter = { shape: [data.length - 1], data: data.slice(0, -1) as Float32Array | Int32Array };
    assert.throws(() => withFitting(new Map(tensors).set(name, shorter)), UserError, name);
  }
  for (const wrong of [{ ...config, order: 4 }, { ...config, vocabSize: 3 }, { ...config, endId: 1000 }, {}, null])
    assert.throws(() => ngramFromTensors(tensors, wrong), UserError, JSON.stringify(wrong));
  const names = [...tensors.keys()];
  fc.assert(
    fc.property(fc.nat(names.length - 1), fc.nat(), fc.integer(), fc.double(), (which, at, integer, double) => {
      const { shape, data } = tensors.get(names[which])!;
      const changed = data.slice() as Int32Array | Float32Array;
      changed[at % changed.length] = changed instanceof Int32Array ? integer : double;
      let read: NgramModel;
      try {
        read = withFitting(new Map(tensors).set(names[which], { shape, data: changed }));
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
        return;
      }
      for (const text of heldOut)
        for (const value of logProbabilities(read, ids(text))) assert.ok(value <= 1e-6 && value >= -1000);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("n-grams: what cannot be trained or scored is refused in plain words", async () => {
  const options = { order: 2, vocabSize: 3 };
  await assert.rejects(trainNgram([ids([0, 3])], options), /Id 3 is not in this vocabulary; its ids are 0 to 2/);
  await assert.rejects(trainNgram([ids([-1])], options), UserError);
  await assert.rejects(trainNgram([], options), /nothing to train on/);
  await assert.rejects(trainNgram([ids([])], options), /nothing to train on/);
  await assert.rejects(trainNgram([ids([0])], { ...options, order: 0 }), UserError);
  await assert.rejects(trainNgram([ids([0])], { ...options, endId: 3 }), UserError);
  const model = await trainNgram([ids([0, 1])], options);
  assert.throws(() => logProbabilities(model, ids([0, 3])), UserError);
  assert.throws(() => distribution(model, ids([7])), UserError);
  await assert.rejects(trainNgram([ids([0])], options, { signal: AbortSignal.abort() }), { name: "CancelledError" });
});

test("n-grams: discounts by the formula, and the fallback where it does not hold", () => {
  near(discountsOf([1, 1, 1, 1, 2, 2, 3, 4, 9, 0]), [0.5, 1.25, 1], 1e-12);
  assert.deepEqual(discountsOf([5, 6, 7]), [0.5, 1, 1.5]);
  assert.deepEqual(discountsOf([1, 2, 3, 3, 3, 3, 3, 3]), [0.5, 1, 1.5]);
});
