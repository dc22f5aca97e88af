import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { accuracy } from "./accuracy.js";
import { bootstrapInterval } from "./bootstrap-interval.js";
import { brierScore } from "./brier-score.js";
import { calibrationError } from "./calibration-error.js";
import { classScores, macroF1, type PrecisionRecallF1 } from "./class-scores.js";
import { confusionMatrix } from "./confusion-matrix.js";
import { logLoss } from "./log-loss.js";
import { majorityBaseline } from "./majority-baseline.js";
import { predictedClasses } from "./predicted-classes.js";
import { quantile } from "./quantile.js";
import { wilsonInterval } from "./wilson-interval.js";

interface Case {
  classes: number;
  truth: number[];
  predicted: number[];
  probabilities: number[];
  accuracy: number;
  confusion: number[];
  precision: number[];
  recall: number[];
  f1: number[];
  support: number[];
  macro: PrecisionRecallF1;
  weighted: PrecisionRecallF1;
  micro: PrecisionRecallF1;
  logLoss: number;
  brier: number;
  ece: number;
  wilson: [number, number];
}
interface Golden {
  cases: Case[];
  wilson: [number, number, number, number][];
  quantiles: { values: number[]; shares: number[]; expected: number[] };
}
const golden = JSON.parse(readFileSync("test/golden/metrics.json", "utf8")) as Golden;

function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${what}: ${actual} ≠ ${expected}`);
}

for (const [index, expected] of golden.cases.entries()) {
  test(`golden case ${index} (${expected.classes} classes) equals scikit-learn`, () => {
    const { classes, truth, predicted, probabilities } = expected;
    near(accuracy(truth, predicted), expected.accuracy, "accuracy");
    assert.deepEqual([...predictedClasses(probabilities, classes)], predicted);
    const confusion = confusionMatrix(truth, predicted, classes);
    assert.deepEqual([...confusion], expected.confusion);
    const scores = classScores(confusion, classes);
    assert.deepEqual([...scores.support], expected.support);
    for (const name of ["precision", "recall", "f1"] as const) {
      for (let c = 0; c < classes; c++) near(scores[name][c], expected[name][c], `${name} of ${c}`);
      for (const average of ["macro", "weighted", "micro"] as const)
        near(scores[average][name], expected[average][name], `${average} ${name}`);
    }
    near(macroF1(confusion, classes), expected.macro.f1, "macroF1");
    near(logLoss(truth, probabilities, classes), expected.logLoss, "log loss");
    near(brierScore(truth, probabilities, classes), expected.brier, "Brier");
    near(calibrationError(truth, probabilities, classes), expected.ece, "calibration error");
    const hits = truth.filter((label, row) => label === predicted[row]).length;
    const { low, high } = wilsonInterval(hits, truth.length);
    near(low, expected.wilson[0], "Wilson low");
    near(high, expected.wilson[1], "Wilson high");
  });
}

test("Wilson interval at the ends and in the middle equals SciPy", () => {
  for (const [hits, rows, low, high] of golden.wilson) {
    const interval = wilsonInterval(hits, rows);
    near(interval.low, low, `${hits} of ${rows}, low`);
    near(interval.high, high, `${hits} of ${rows}, high`);
  }
  assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 });
});

test("quantile equals NumPy", () => {
  const { values, shares, expected } = golden.quantiles;
  for (const [i, share] of shares.entries()) near(quantile(values, share), expected[i], `quantile ${share}`);
});

test("bootstrap interval: seeded, holds the estimate, narrows as 1/√rows", () => {
  const truth = Int32Array.from({ length: 400 }, (_, row) => row % 3);
  const predicted = truth.map((label, row) => (row % 5 === 0 ? (label + 1) % 3 : label));
  const wide = bootstrapInterval(truth.subarray(0, 100), predicted.subarray(0, 100), 3, { seed: 3 });
  const narrow = bootstrapInterval(truth, predicted, 3, { seed: 3 });
  assert.deepEqual(bootstrapInterval(truth, predicted, 3, { seed: 3 }), narrow);
  assert.notDeepEqual(bootstrapInterval(truth, predicted, 3, { seed: 4 }), narrow);
  const estimate = macroF1(confusionMatrix(truth, predicted, 3), 3);
  assert.ok(narrow.low < estimate && estimate < narrow.high);
  const shrink = (wide.high - wide.low) / (narrow.high - narrow.low);
  assert.ok(shrink > 1.6 && shrink < 2.4, `expected about 2, got ${shrink}`);
});

test("bootstrap interval of accuracy agrees with Wilson", () => {
  const truth = new Int32Array(500);
  const predicted = truth.map((_, row) => (row < 100 ? 1 : 0));
  const share = (confusion: Int32Array) => (confusion[0] + confusion[3]) / 500;
  const bootstrap = bootstrapInterval(truth, predicted, 2, { resamples: 2000 }, share);
  const wilson = wilsonInterval(400, 500);
  assert.ok(Math.abs(bootstrap.low - wilson.low) < 0.01);
  assert.ok(Math.abs(bootstrap.high - wilson.high) < 0.01);
});

test("perfect and worthless answers", () => {
  const truth = [0, 1, 2, 1];
  assert.equal(classScores(confusionMatrix(truth, truth, 3), 3).macro.f1, 1);
  assert.equal(macroF1(confusionMatrix([0, 0], [1, 1], 2), 2), 0);
  assert.deepEqual(majorityBaseline([0, 1, 1], [1, 0], 2), { classIndex: 1, accuracy: 0.5, macroF1: 1 / 3 });
});

test("log loss of a Float32Array stays finite when the true class has probability 0", () => {
  near(logLoss([0], new Float32Array([0, 1]), 2), -Math.log(2 ** -23), "clipped");
});

test("wrong shapes and labels are refused", () => {
  assert.throws(() => accuracy([0, 1], [0]), /2 true values but 1 predictions/);
  assert.throws(() => confusionMatrix([0, 3], [0, 1], 2), /class index 3/);
  assert.throws(() => brierScore([0, 1], [0.5, 0.5], 2), /2 probabilities for 2 rows of 2 classes/);
});

test("any labels: micro F1 is the accuracy, every score is in [0, 1]", () => {
  const pairs = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(pairs, (rows) => {
      const [truth, predicted] = [rows.map((row) => row[0]), rows.map((row) => row[1])];
      const scores = classScores(confusionMatrix(truth, predicted, 4), 4);
      near(scores.micro.f1, accuracy(truth, predicted), "micro F1");
      near(scores.weighted.recall, scores.micro.recall, "weighted recall");
      for (const value of [...scores.precision, ...scores.recall, ...scores.f1, scores.macro.f1])
        assert.ok(value >= 0 && value <= 1);
    }),
  );
});
