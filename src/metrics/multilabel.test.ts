import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom, mixSeed } from "../base/random.js";
import type { PrecisionRecallF1 } from "./class-scores.js";
import { fitThresholds, predictedLabels } from "./fit-thresholds.js";
import { frequentLabels } from "./frequent-labels.js";
import { labelRanking } from "./label-ranking.js";
import { multilabelIntervals } from "./multilabel-intervals.js";
import { multilabelScores } from "./multilabel-scores.js";

interface Case {
  labels: number;
  truth: number[];
  probabilities: number[];
  predicted: number[];
  precision: number[];
  recall: number[];
  f1: number[];
  support: number[];
  micro: PrecisionRecallF1;
  macro: PrecisionRecallF1;
  samples: PrecisionRecallF1;
  exactMatch: number;
  hammingLoss: number;
  ranking: number;
  bestF1: number[];
}
const golden = JSON.parse(readFileSync("test/golden/multilabel.json", "utf8")) as { cases: Case[] };

function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12, `${what}: ${actual} ≠ ${expected}`);
}

for (const [index, expected] of golden.cases.entries()) {
  const { labels, truth, predicted, probabilities } = expected;
  test(`golden case ${index} (${labels} labels) equals scikit-learn`, () => {
    const scores = multilabelScores(truth, predicted, labels);
    assert.deepEqual([...scores.support], expected.support);
    for (const name of ["precision", "recall", "f1"] as const) {
      for (let label = 0; label < labels; label++)
        near(scores[name][label], expected[name][label], `${name} of ${label}`);
      for (const average of ["micro", "macro", "samples"] as const)
        near(scores[average][name], expected[average][name], `${average} ${name}`);
    }
    near(scores.exactMatch, expected.exactMatch, "exact match");
    near(scores.hammingLoss, expected.hammingLoss, "Hamming loss");
    near(labelRanking(truth, probabilities, labels), expected.ranking, "label ranking");
    assert.deepEqual([...predictedLabels(probabilities, new Float64Array(labels).fill(0.5))], predicted);
  });

  test(`golden case ${index}: no threshold has a better F1 on the rows it was fitted on`, () => {
    const thresholds = fitThresholds(truth, probabilities, labels);
    const { f1 } = multilabelScores(truth, predictedLabels(probabilities, thresholds), labels);
    for (let label = 0; label < labels; label++) near(f1[label], expected.bestF1[label], `F1 of ${label}`);
  });
}

test("thresholds: midpoints, the highest of equally good ones, 0.5 without a positive row", () => {
  assert.deepEqual([...fitThresholds([0, 1, 1], [0.125, 0.375, 0.875], 1)], [0.25]);
  // One of two found without a false row, or both of them with one: F1 2/3 and 4/5; then 2/3 twice.
  assert.deepEqual([...fitThresholds([1, 0, 1], [0.75, 0.5, 0.25], 1)], [0.125]);
  assert.deepEqual([...fitThresholds([1, 0, 0, 1], [0.75, 0.5, 0.375, 0.25], 1)], [0.625]);
  assert.deepEqual([...fitThresholds([0, 0, 1, 1], [0.75, 0.5, 0.25, 0.25], 2)], [0.125, 0.125]);
  assert.deepEqual([...fitThresholds([0, 0, 0], [0.9, 0.8, 0.1], 1)], [0.5]);
  assert.deepEqual([...fitThresholds([1, 1], [0, 0], 1)], [0]);
  const [below, above] = [0.1, 0.1 + 2 ** -56];
  const [threshold] = fitThresholds([0, 1], [below, above], 1);
  assert.ok(threshold > below && threshold <= above);
});

test("any rows: fitted thresholds beat every other one, and a threshold parts the rows as it did when fitted", () => {
  const cell = fc.tuple(fc.nat(1), fc.integer({ min: 0, max: 6 }));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 30 }), (cells) => {
      const truth = cells.map(([own]) => own);
      const probabilities = Float32Array.from(cells, ([, tenths]) => tenths / 10);
      const f1 = (threshold: number) => multilabelScores(truth, predictedLabels(probabilities, [threshold]), 1).f1[0];
      const best = f1(fitThresholds(truth, probabilities, 1)[0]);
      for (let tenths = 0; tenths <= 7; tenths++) assert.ok(best >= f1(tenths / 10 - 0.05));
    }),
  );
});

test("intervals are those of figures computed anew for each resample", () => {
  const [rows, labels, resamples] = [40, 4, 60];
  const random = createRandom(5);
  const truth = Uint8Array.from({ length: rows * labels }, () => (random.float() < 0.3 ? 1 : 0));
  const predicted = truth.map((own) => (random.float() < 0.2 ? 1 - own : own));
  truth.fill(0, 0, labels);
  predicted.fill(0, 0, labels);
  const intervals = multilabelIntervals(truth, predicted, labels, { seed: 2, resamples, level: 1 });
  const draws = createRandom(mixSeed(2, 0xb007));
  const found = Array.from({ length: resamples }, () => {
    const sample = Array.from({ length: rows }, () => draws.integer(rows));
    const pick = (cells: Uint8Array) => sample.flatMap((row) => [...cells.subarray(row * labels, (row + 1) * labels)]);
    const scores = multilabelScores(pick(truth), pick(predicted), labels);
    return [scores.micro.f1, scores.macro.f1, scores.samples.f1, scores.exactMatch];
  });
  for (const [i, name] of (["microF1", "macroF1", "samplesF1", "exactMatch"] as const).entries()) {
    near(intervals[name].low, Math.min(...found.map((one) => one[i])), `${name} low`);
    near(intervals[name].high, Math.max(...found.map((one) => one[i])), `${name} high`);
  }
  assert.deepEqual(intervals, multilabelIntervals(truth, predicted, labels, { seed: 2, resamples, level: 1 }));
  const none = multilabelIntervals([], [], 3);
  assert.ok(Number.isNaN(none.microF1.low) && Number.isNaN(none.exactMatch.high));
});

test("the baseline of the most frequent labels has the best micro F1 of all sets of them", () => {
  assert.deepEqual([...frequentLabels([1, 0, 0, 1, 0, 0, 0, 1, 0], 3)], [1, 0, 0]);
  assert.deepEqual([...frequentLabels([1, 0, 0, 1, 1, 0], 3)], [1, 1, 0]);
  assert.deepEqual([...frequentLabels([0, 0, 0], 3)], [1, 0, 0]);
  const row = fc.array(fc.nat(1), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
      const truth = rows.flat();
      const micro = (set: number[]) =>
        multilabelScores(
          truth,
          rows.flatMap(() => set),
          4,
        ).micro.f1;
      const best = micro([...frequentLabels(truth, 4)]);
      for (let bits = 1; bits < 16; bits++)
        assert.ok(best >= micro([0, 1, 2, 3].map((at) => (bits >> at) & 1)) - 1e-12);
    }),
  );
});

test("wrong shapes are refused", () => {
  assert.throws(() => multilabelScores([1, 0, 1], [1, 0, 1], 2), /3 and 3 values are not two tables of 2 labels/);
  assert.throws(() => fitThresholds([1, 0], [0.5], 1), RangeError);
  assert.throws(() => labelRanking([], [], 0), RangeError);
});
