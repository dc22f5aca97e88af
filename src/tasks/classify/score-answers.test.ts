import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreAnswers } from "./score-answers.js";

test("accuracy, F1 and the confusion of known labels", () => {
  const truth = { classes: Int32Array.of(0, 1, 1, 1), unseen: [] };
  const probabilities = Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.3, 0.7);
  const scores = scoreAnswers(truth, probabilities, ["ham", "spam"]);
  assert.equal(scores.accuracy, 0.75);
  assert.equal(scores.correct, 3);
  assert.ok(scores.accuracyInterval.low < 0.75 && scores.accuracyInterval.high > 0.75);
  assert.deepEqual(
    scores.classes.map(({ label, rows }) => [label, rows]),
    [
      ["ham", 1],
      ["spam", 3],
    ],
  );
  assert.deepEqual(scores.confusion[0], { truth: "spam", predicted: "spam", rows: 2 });
  assert.equal(
    scores.confusion.reduce((sum, cell) => sum + cell.rows, 0),
    4,
  );
});

test("where all is right, shares have the interval of so many rows, and figures that are none have none", () => {
  const truth = { classes: Int32Array.from({ length: 40 }, (_, row) => row % 2), unseen: [] };
  const probabilities = Float32Array.from({ length: 80 }, (_, at) => ((at >> 1) % 2 === at % 2 ? 1 : 0));
  const scores = scoreAnswers(truth, probabilities, ["ham", "spam"]);
  assert.deepEqual(
    [scores.mcc, scores.mccInterval, scores.brierScore, scores.brierScoreInterval],
    [1, undefined, 0, undefined],
  );
  for (const interval of [scores.accuracyInterval, scores.macroF1Interval, scores.weightedF1Interval])
    assert.ok(interval && interval.low > 0.9 && interval.low < 0.95 && interval.high === 1);
});

test("a label that training never saw is an error and a class with F1 0", () => {
  const truth = { classes: Int32Array.of(0, 1, -1), unseen: [{ label: "new", rows: 1 }] };
  const scores = scoreAnswers(truth, Float32Array.of(1, 0, 0, 1, 1, 0), ["a", "b"]);
  assert.equal(scores.correct, 2);
  assert.equal(scores.classes.length, 3);
  assert.equal(scores.classes[2].f1, 0);
  assert.ok(Math.abs(scores.macroF1 - (2 / 3 + 1 + 0) / 3) < 1e-9);
  assert.ok(scores.logLoss !== null && scores.logLoss < 1e-6);
  const none = scoreAnswers({ classes: Int32Array.of(-1), unseen: truth.unseen }, Float32Array.of(1, 0), ["a", "b"]);
  assert.equal(none.logLoss, null);
  assert.equal(none.accuracy, 0);
});
