import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CancelledError, UserError } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.js";
import { choosePenalty } from "./choose-penalty.js";
import { fitRidge } from "./fit-ridge.js";
import { predictRidge } from "./predict-ridge.js";
import { ridgeFromTensors, ridgeToTensors } from "./ridge-tensors.js";
import { ridgeWeights, solveDual } from "./solve-ridge.js";
import type { SparseRows } from "./sparse-rows.js";

interface Golden {
  penalties: number[];
  cases: { x: number[][]; y: number[]; weights: number[][]; bias: number[]; best: number }[];
}
const golden = JSON.parse(readFileSync("test/golden/ridge.json", "utf8")) as Golden;

function sparse(dense: number[][]): SparseRows {
  const entries = dense.map((row) => row.map((value, id) => ({ id, value })).filter(({ value }) => value !== 0));
  const start = new Int32Array(dense.length + 1);
  for (const [row, own] of entries.entries()) start[row + 1] = start[row] + own.length;
  return {
    rows: dense.length,
    features: dense[0].length,
    start,
    ids: Int32Array.from(entries.flat(), ({ id }) => id),
    values: Float32Array.from(entries.flat(), ({ value }) => value),
  };
}

for (const [index, { x: dense, y, weights, bias, best }] of golden.cases.entries()) {
  const x = sparse(dense);
  const rows = Int32Array.from(dense.keys());
  const targets = Float64Array.from(y);

  test(`golden case ${index}: coefficients of all penalties at once equal scikit-learn's Ridge`, () => {
    const steps = solveDual({ x, rows, penalties: golden.penalties, tolerance: 1e-10 }, targets);
    let step = steps.next();
    while (!step.done) step = steps.next();
    for (const [i, dual] of step.value.entries()) {
      const found = ridgeWeights({ x, rows }, targets, dual);
      for (const [f, expected] of weights[i].entries())
        assert.ok(Math.abs(found.weights[f] - expected) < 1e-5, `${i} ${f}: ${found.weights[f]} ≠ ${expected}`);
      assert.ok(Math.abs(found.bias - bias[i]) < 1e-5, `${i}: bias ${found.bias} ≠ ${bias[i]}`);
    }
  });

  test(`golden case ${index}: the penalty is that of the exact trace, and so are its coefficients`, async () => {
    const problem = { x, rows, penalties: golden.penalties, tolerance: 1e-10 };
    for (let seed = 0; seed < 5; seed++) {
      const { penalty, dual } = await choosePenalty(problem, targets, seed, async () => {});
      assert.equal(penalty, best);
      const found = ridgeWeights(problem, targets, dual).weights;
      for (const [f, expected] of weights[golden.penalties.indexOf(best)].entries())
        assert.ok(Math.abs(found[f] - expected) < 1e-5);
    }
  });
}

const filler = ["the", "was", "very", "and", "of", "it", "not", "seen", "again", "today", "there"];
const worth = { awful: -2, poor: -1, good: 1, superb: 2 } as const;

/** Texts of filler in which each word of worth moves the number up or down. */
function reviews(rows: number, seed: number, unit = 1, zero = 3) {
  const random = createRandom(seed);
  const words = Object.keys(worth) as (keyof typeof worth)[];
  const targets = new Float64Array(rows).fill(zero);
  const texts = Array.from(targets, (_, row) => {
    const own = Array.from({ length: 8 }, () => filler[random.integer(filler.length)]);
    const word = words[random.integer(4)];
    own[random.integer(8)] = word;
    targets[row] += unit * worth[word];
    return own.join(" ");
  });
  return { texts, targets };
}

function error(predicted: Float64Array, targets: Float64Array): number {
  return predicted.reduce((sum, number, row) => sum + Math.abs(number - targets[row]), 0) / targets.length;
}

test("a planted signal is learnt, shuffled numbers are not, and the unit does not matter", async () => {
  const [train, held] = [reviews(300, 1), reviews(100, 2)];
  const model = await fitRidge(train);
  const predicted = predictRidge(model, held.texts);
  assert.ok(error(predicted, held.targets) < 0.3, `${error(predicted, held.targets)}`);
  const shuffled = { ...train, targets: createRandom(3).shuffle(train.targets.slice()) };
  const noise = await fitRidge(shuffled);
  assert.ok(noise.penalty >= 10 && error(predictRidge(noise, held.texts), held.targets) > 1.2);
  for (const [unit, zero] of [
    [1e-200, 0],
    [1e300, 1e300],
  ]) {
    const other = await fitRidge(reviews(300, 1, unit, zero));
    for (const [row, number] of predictRidge(other, held.texts).entries())
      assert.ok(Math.abs((number - zero) / unit - (predicted[row] - 3)) < 1e-3, `${number}`);
  }
});

test("numbers stay in the range of the training rows and do not depend on the other rows", async () => {
  const model = await fitRidge(reviews(200, 1));
  const texts = ["superb superb superb good", "awful poor awful", "", "字 😀 \ud800", "the film was good"];
  const together = predictRidge(model, texts);
  assert.ok(together.every((number) => number >= 1 && number <= 5));
  for (const [row, text] of texts.entries())
    assert.deepEqual(predictRidge(model, [text]), together.slice(row, row + 1));
});

test("texts without n-grams get the mean of such rows, pulled to that of all, and do not change the others", async () => {
  const train = reviews(200, 1);
  const blank = { texts: [...train.texts, "", " ", "\t"], targets: Float64Array.of(...train.targets, 5, 5, 5) };
  const mean = blank.targets.reduce((sum, number) => sum + number, 0) / 203;
  const model = await fitRidge(blank);
  const [expected] = predictRidge(model, [""]);
  assert.ok(Math.abs(expected - (5 * mean + 3 * 5) / 8) < 1e-9, `${expected}`);
  const plain = await fitRidge(train);
  const [with3, without] = [model, plain].map((one) => predictRidge(one, ["seen and good"])[0]);
  assert.ok(Math.abs(with3 - without) < 0.05, `${with3} ${without}`);
});

test("the same seed gives the same bits; saved and loaded too; a damaged model is refused", async () => {
  const train = reviews(150, 1);
  const [model, again] = [await fitRidge(train, { seed: 4 }), await fitRidge(train, { seed: 4 })];
  assert.deepEqual(again, model);
  const { tensors, config } = ridgeToTensors(model);
  const filed = decodeSafetensors(encodeSafetensors(tensors)).tensors;
  const loaded = ridgeFromTensors(filed, JSON.parse(JSON.stringify(config)));
  assert.deepEqual(predictRidge(loaded, train.texts), predictRidge(model, train.texts));
  assert.deepEqual(ridgeToTensors(loaded), { tensors, config });
  assert.throws(() => ridgeFromTensors(new Map(), config), UserError);
  assert.throws(() => ridgeFromTensors(tensors, { ...config, features: config.features + 1 }), /ngrams.hash/);
  assert.throws(() => ridgeFromTensors(tensors, { ...config, least: config.most + 1 }), UserError);
  assert.throws(() => ridgeFromTensors(tensors, { ...config, bias: null }), UserError);
});

test("smallest tables: one row, two rows, constant numbers, empty texts only", async () => {
  assert.deepEqual([...predictRidge(await fitRidge({ texts: ["good"], targets: [4] }), ["good", ""])], [4, 4]);
  const [good, bad] = predictRidge(await fitRidge({ texts: ["good", "bad"], targets: [5, 1] }), ["good", "bad"]);
  assert.ok(good > bad);
  const constant = await fitRidge({ ...reviews(30, 1), targets: new Float64Array(30).fill(0.1) });
  for (const number of predictRidge(constant, ["superb", "x", ""])) assert.equal(number, 0.1);
  const empty = await fitRidge({ texts: ["", " "], targets: [1, 2] });
  assert.deepEqual([...predictRidge(empty, ["word", ""])], [1.5, 1.5]);
});

test("wrong rows are refused, and an abort stops the training", async () => {
  await assert.rejects(fitRidge({ texts: [], targets: [] }), UserError);
  await assert.rejects(fitRidge({ texts: ["a"], targets: [] }), /1 texts but 0 numbers/);
  await assert.rejects(fitRidge({ texts: ["a", "b"], targets: [1, Number.NaN] }), /NaN of row 1/);
  const stop = new AbortController();
  const onProgress = ({ stage }: { stage: string }) => {
    if (stage === "fitting") stop.abort();
  };
  await assert.rejects(fitRidge(reviews(100, 1), {}, { onProgress, signal: stop.signal }), CancelledError);
});
