import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createRandom, mixSeed } from "../base/random.js";
import { conformalHalfWidth, coverage } from "./conformal.js";
import { regressionFigure, regressionIntervals, regressionScores } from "./regression-scores.js";

interface Case {
  truth: number[];
  predicted: number[];
  mae: number;
  rmse: number;
  r2: number;
  spearman: number | null;
}
const golden = JSON.parse(readFileSync("test/golden/regression.json", "utf8")) as { cases: Case[] };
const names = ["mae", "rmse", "r2", "spearman"] as const;

function near(actual: number, expected: number | null, what: string): void {
  if (expected === null || Number.isNaN(expected)) assert.ok(Number.isNaN(actual), `${what}: ${actual}`);
  else
    assert.ok(
      Math.abs(actual - expected) <= 1e-10 * Math.max(1, Math.abs(expected)),
      `${what}: ${actual} ≠ ${expected}`,
    );
}

for (const [index, expected] of golden.cases.entries()) {
  test(`golden case ${index} (${expected.truth.length} rows) equals scikit-learn and SciPy`, () => {
    const scores = regressionScores(expected.truth, expected.predicted);
    for (const name of names) near(scores[name], expected[name], name);
  });

  test(`golden case ${index}: intervals are those of figures computed anew for each resample`, () => {
    const { truth, predicted } = expected;
    const [rows, resamples] = [truth.length, 50];
    const intervals = regressionIntervals(truth, predicted, { seed: 3, resamples, level: 1 });
    const draws = createRandom(mixSeed(3, 0xb007));
    const found = Array.from({ length: resamples }, () => {
      const sample = Array.from({ length: rows }, () => draws.integer(rows));
      const pick = (values: number[]) => sample.map((row) => values[row]);
      return regressionScores(pick(truth), pick(predicted));
    });
    for (const name of names) {
      near(intervals[name].low, Math.min(...found.map((one) => one[name])), `${name} low`);
      near(intervals[name].high, Math.max(...found.map((one) => one[name])), `${name} high`);
    }
  });
}

test("no rows, one row, constant numbers that floating point cannot average", () => {
  for (const name of names) {
    assert.ok(Number.isNaN(regressionScores([], [])[name]));
    assert.ok(Number.isNaN(regressionIntervals([], [])[name].low));
  }
  const one = regressionScores([1], [1.5]);
  assert.deepEqual([one.mae, one.rmse, one.r2], [0.5, 0.5, Number.NaN]);
  assert.equal(regressionScores([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]).r2, 1);
  assert.equal(regressionScores([0.1, 0.1, 0.1], [0.1, 0.1, 0.2]).r2, 0);
  assert.throws(() => regressionScores([1, 2], [1]), RangeError);
});

test("resamples without an answer do not count: two rows are drawn as one in half of them", () => {
  const { r2, spearman } = regressionIntervals([1, 2], [1, 2]);
  assert.deepEqual(
    [r2, spearman],
    [
      { low: 1, high: 1 },
      { low: 1, high: 1 },
    ],
  );
});

test("conformal half-width: the ⌈(n + 1) level⌉-th residual, infinite for too few rows", () => {
  const residuals = Array.from({ length: 19 }, (_, i) => (i % 2 ? -1 : 1) * (i + 1));
  const zeros = residuals.map(() => 0);
  assert.equal(conformalHalfWidth(residuals, zeros), 18);
  assert.equal(conformalHalfWidth(zeros, residuals, 0.95), 19);
  assert.equal(conformalHalfWidth(residuals, zeros, 0.96), Number.POSITIVE_INFINITY);
  assert.equal(conformalHalfWidth([1, 2, 3, 4, 5, 6, 7, 8, 9], new Array(9).fill(0)), 9);
  assert.equal(conformalHalfWidth([1, 2, 3, 4, 5, 6, 7, 8], new Array(8).fill(0)), Number.POSITIVE_INFINITY);
  const hundredths = Array.from({ length: 99 }, (_, i) => i + 1);
  assert.equal(conformalHalfWidth(hundredths, new Array(99).fill(0), 0.07), 7);
});

test("intervals of split conformal prediction hold nine of ten new numbers", () => {
  const random = createRandom(6);
  let [inside, total] = [0, 0];
  for (let trial = 0; trial < 200; trial++) {
    const draw = (rows: number) => Array.from({ length: rows }, () => random.normal() ** 3);
    const half = conformalHalfWidth(draw(100), new Array(100).fill(0));
    inside += 100 * coverage(draw(100), new Array(100).fill(-half), new Array(100).fill(half));
    total += 100;
  }
  assert.ok(inside / total > 0.89 && inside / total < 0.93, `${inside / total}`);
  assert.equal(coverage([1, 2], [0, 3], [2, 4]), 0.5);
  assert.equal(coverage([1], [1], [1]), 1);
});

test("one figure of any rows is that of a table of these rows", () => {
  const random = createRandom(5);
  const truth = Float64Array.from({ length: 200 }, () => random.integer(20));
  const predicted = truth.map((value) => value + random.integer(9) - 4);
  const samples = [60, 200, 500].map((count) => Array.from({ length: count }, () => random.integer(200)));
  for (const sample of [...samples, [7], [3, 3]]) {
    const all = regressionScores(
      sample.map((row) => truth[row]),
      sample.map((row) => predicted[row]),
    );
    for (const name of ["mae", "rmse", "r2", "spearman"] as const)
      assert.equal(regressionFigure(name, truth, predicted)(sample), all[name], name);
  }
  assert.throws(() => regressionFigure("mae", [1], []), RangeError);
});
