import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { accuracy } from "./accuracy.js";
import { balancedAccuracy } from "./balanced-accuracy.js";
import { bootstrapInterval } from "./bootstrap-interval.js";
import { bootstrapRows } from "./bootstrap-rows.js";
import { brierScore } from "./brier-score.js";
import { calibrationError } from "./calibration-error.js";
import { countedFigures, probabilityFigures, rankingFigures } from "./class-figures.js";
import { classIntervals } from "./class-intervals.js";
import { classScores, macroF1, type PrecisionRecallF1 } from "./class-scores.js";
import { confusionMatrix } from "./confusion-matrix.js";
import { logLoss } from "./log-loss.js";
import { majorityBaseline } from "./majority-baseline.js";
import { matthewsCorrelation } from "./matthews.js";
import { predictedClasses } from "./predicted-classes.js";
import { quantile } from "./quantile.js";
import { oneVersusRest, rankingScores } from "./ranking.js";
import { fitTemperature, withTemperature } from "./temperature.js";
import { topAccuracy } from "./top-accuracy.js";
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
  balancedAccuracy: number;
  mcc: number;
  auroc: (number | null)[];
  macroAuroc: number;
  averagePrecision: (number | null)[];
  macroAveragePrecision: number;
  /** By how many classes are looked at. */
  top: Record<string, number>;
  scaled: { temperature: number; logLoss: number; ece: number } | null;
  wilson: [number, number];
}
interface Golden {
  cases: Case[];
  soft: Case;
  rankings: { truth: number[]; scores: number[]; auroc: number; averagePrecision: number }[];
  wilson: [number, number, number, number][];
  quantiles: { values: number[]; shares: number[]; expected: number[] };
}
const golden = JSON.parse(readFileSync("test/golden/metrics.json", "utf8")) as Golden;

function near(actual: number, expected: number, what: string): void {
  if (Number.isNaN(expected)) assert.ok(Number.isNaN(actual), `${what}: ${actual} is a number`);
  else
    assert.ok(
      Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)),
      `${what}: ${actual} ≠ ${expected}`,
    );
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
    near(balancedAccuracy(confusion, classes), expected.balancedAccuracy, "balanced accuracy");
    near(matthewsCorrelation(confusion, classes), expected.mcc, "MCC");
    const ranking = oneVersusRest(truth, probabilities, classes);
    for (const name of ["auroc", "averagePrecision"] as const)
      for (const [c, value] of expected[name].entries())
        near(ranking.byClass[c][name], value ?? Number.NaN, `${name} of ${c}`);
    near(ranking.macro.auroc, expected.macroAuroc, "AUROC");
    near(ranking.macro.averagePrecision, expected.macroAveragePrecision, "average precision");
    for (const [count, share] of Object.entries(expected.top))
      near(topAccuracy(truth, probabilities, classes, Number(count)), share, `top ${count}`);
    const hits = truth.filter((label, row) => label === predicted[row]).length;
    const { low, high } = wilsonInterval(hits, truth.length);
    near(low, expected.wilson[0], "Wilson low");
    near(high, expected.wilson[1], "Wilson high");
  });
}

test("areas of equal scores equal scikit-learn, whatever type they are of", () => {
  for (const { truth, scores, auroc, averagePrecision } of golden.rankings)
    for (const own of [scores, Float32Array.from(scores)]) {
      const found = rankingScores(truth, own);
      near(found.auroc, auroc, "AUROC");
      near(found.averagePrecision, averagePrecision, "average precision");
    }
  assert.deepEqual(rankingScores([1, 1], [0.2, 0.3]), { auroc: Number.NaN, averagePrecision: Number.NaN });
});

test("the temperature is the one that SciPy finds, and leaves the likeliest class where it is", () => {
  const scaled = [golden.soft, ...golden.cases].filter((one) => one.scaled);
  assert.ok(scaled.length >= 2);
  for (const { truth, probabilities, classes, predicted, scaled: expected } of scaled) {
    const temperature = fitTemperature(truth, probabilities, classes);
    assert.ok(Math.abs(temperature / expected!.temperature - 1) < 1e-6, `${temperature}`);
    const other = withTemperature(Float64Array.from(probabilities), classes, temperature);
    assert.ok(Math.abs(logLoss(truth, other, classes) - expected!.logLoss) < 1e-9);
    assert.ok(Math.abs(calibrationError(truth, other, classes) - expected!.ece) < 1e-6);
    assert.deepEqual([...predictedClasses(other, classes)], predicted);
  }
  assert.equal(fitTemperature([], [], 2), 1);
  assert.ok(fitTemperature([0, 1], [1, 0, 0, 1], 2) < 0.03);
});

test("figures of a sample are those of its rows as a table of their own", () => {
  const [, { classes, ...own }] = golden.cases;
  const truth = Int32Array.from(own.truth, (label, row) => (row % 9 === 0 ? classes : label));
  const predicted = Int32Array.from(own.predicted);
  const probabilities = Float32Array.from(own.probabilities);
  const rows = { truth, predicted, probabilities, classes, temperature: 1.7 };
  const sample = Array.from({ length: 50 }, (_, i) => (i * i) % truth.length);
  const taken = (values: ArrayLike<number>) => sample.map((row) => values[row]);
  const confusion = confusionMatrix(taken(truth), taken(predicted), classes + 1);
  const scores = classScores(confusion, classes + 1);
  const counted = countedFigures(truth, predicted, classes + 1)(sample);
  near(counted.accuracy, scores.micro.f1, "accuracy");
  near(counted.balancedAccuracy, balancedAccuracy(confusion, classes + 1), "balanced accuracy");
  near(counted.mcc, matthewsCorrelation(confusion, classes + 1), "MCC");
  for (const [average, name] of [
    [scores.macro, "macro"],
    [scores.weighted, "weighted"],
  ] as const) {
    near(counted[`${name}Precision`], average.precision, `${name} precision`);
    near(counted[`${name}Recall`], average.recall, `${name} recall`);
    near(counted[`${name}F1`], average.f1, `${name} F1`);
  }
  const known = sample.filter((row) => truth[row] < classes);
  const knownTruth = known.map((row) => truth[row]);
  const flat = (values: Float32Array) =>
    Float32Array.from(known.flatMap((row) => [...values.subarray(row * classes, (row + 1) * classes)]));
  const cool = flat(withTemperature(probabilities, classes, 1.7));
  const found = probabilityFigures(rows)(sample);
  near(found.logLoss, logLoss(knownTruth, flat(probabilities), classes), "log loss");
  near(found.brierScore, brierScore(knownTruth, flat(probabilities), classes), "Brier");
  near(found.calibrationError, calibrationError(knownTruth, flat(probabilities), classes), "calibration error");
  near(found.scaledLogLoss, logLoss(knownTruth, cool, classes), "scaled log loss");
  near(found.scaledCalibrationError, calibrationError(knownTruth, cool, classes), "scaled calibration error");
  const all = Float32Array.from(
    sample.flatMap((row) => [...probabilities.subarray(row * classes, (row + 1) * classes)]),
  );
  near(found.top3Accuracy, topAccuracy(taken(truth), all, classes, 3), "top 3");
  const { macro } = oneVersusRest(knownTruth, flat(probabilities), classes);
  const ranking = rankingFigures(rows)(sample);
  near(ranking.auroc, macro.auroc, "AUROC");
  near(ranking.averagePrecision, macro.averagePrecision, "average precision");
});

test("intervals of a class: Wilson for shares, wider where rows come in clusters", () => {
  const truth = Int32Array.from({ length: 240 }, (_, row) => row % 2);
  const predicted = truth.map((label, row) => (Math.floor(row / 12) % 4 === 0 ? 1 - label : label));
  const [first] = classIntervals(truth, predicted, 2);
  assert.deepEqual(first.recall, wilsonInterval(90, 120));
  const { low, high } = wilsonInterval(90, 150);
  assert.deepEqual(first.f1, { low: (2 * low) / (1 + low), high: (2 * high) / (1 + high) });
  const clusters = truth.map((_, row) => Math.floor(row / 12));
  const [wider] = classIntervals(truth, predicted, 2, { clusters });
  for (const name of ["precision", "recall", "f1"] as const)
    assert.ok(wider[name].high - wider[name].low > 1.4 * (first[name].high - first[name].low), name);
});

test("resamples hold as many rows of each stratum as the table, and clusters whole", () => {
  const groups = Int32Array.from({ length: 60 }, (_, row) => (row < 50 ? 0 : row < 57 ? 2 : 3));
  const counts = (sample: Int32Array) =>
    [0, 1, 2, 3].map((group) => sample.filter((row) => groups[row] === group).length);
  bootstrapRows(60, { strata: groups, resamples: 20 }, (sample) => {
    assert.deepEqual(counts(sample), [50, 0, 7, 3]);
    return { rows: sample.length };
  });
  const sizes = new Set<number>();
  bootstrapRows(60, { clusters: groups, resamples: 50 }, (sample) => {
    for (const [group, count] of counts(sample).entries()) assert.equal(count % [50, 1, 7, 3][group], 0);
    sizes.add(sample.length);
    return { rows: sample.length };
  });
  assert.ok(sizes.size > 3);
  assert.throws(() => bootstrapRows(3, { strata: [0] }, () => ({ a: 0 })), /1 groups for 3 rows/);
});

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
