import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { crossFitted, selectEnsemble, weightedMean } from "./ensemble.js";

const rows = 400;
const random = createRandom(5);
const truth = Float32Array.from({ length: rows }, () => random.integer(10));
/** Off by as much, each in its own way. */
const noisy = (noise: number) => truth.map((value) => value + noise * random.normal());
const [first, second, third, wrong] = [noisy(1), noisy(1), noisy(1.2), noisy(9)];
/** Less the mean squared error. */
const score = (answers: Float32Array, some: Int32Array) =>
  -some.reduce((sum, row) => sum + (answers[row] - truth[row]) ** 2, 0) / some.length;
const all = Int32Array.from(truth.keys());

test("models that are wrong in ways of their own are averaged, one that is only worse is not", () => {
  const answers = [wrong, first, second, third];
  const weights = selectEnsemble({ answers, rows, score });
  assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9);
  assert.equal(weights[0], 0);
  for (const weight of weights.slice(1)) assert.ok(weight > 0.1, String(weights));
  const mean = weightedMean(answers, weights);
  assert.ok(score(mean, all) > 0.6 * score(first, all));
  const fitted = crossFitted({ answers, rows, score });
  assert.ok(Math.abs(score(fitted, all) - score(mean, all)) < 0.05);
});

test("one model that is best alone stays alone, and where the time is over so does the first", () => {
  assert.deepEqual([...selectEnsemble({ answers: [wrong, truth], rows, score })], [0, 1]);
  assert.deepEqual([...selectEnsemble({ answers: [first, second], rows, score, isLate: () => true })].sort(), [0, 1]);
});

test("rows that choose the weights are not those that are answered", () => {
  // Each model is right on one half of the rows alone: chosen by the other half, it is the wrong one.
  const halves = [0, 1].map((half) => truth.map((value, row) => (row % 2 === half ? value : value + 5)));
  const fitted = crossFitted({ answers: halves, rows, score });
  for (const row of all) assert.ok(fitted[row] - truth[row] > 4.9);
});
