import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bestCut, coverageCurve } from "./best-cut.js";

test("no threshold is worth more on the rows it was chosen on; of equal ones the lowest", () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 8 })), {
    minLength: 1,
    maxLength: 25,
  });
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 }), (pairs, fp, fn) => {
      const truth = pairs.map(([own]) => own);
      const scores = pairs.map(([, score]) => score / 8);
      const costOf = (threshold: number) =>
        truth.reduce((sum, own, row) => {
          const isTaken = scores[row] >= threshold;
          return sum + (isTaken && own === 0 ? fp : 0) + (!isTaken && own === 1 ? fn : 0);
        }, 0);
      const found = bestCut(truth, scores, ({ taken, hits, own }) => -(fp * (taken - hits) + fn * (own - hits)));
      const cuts = Array.from({ length: 17 }, (_, i) => (i - 0.5) / 16);
      const costs = [...cuts, 2].map(costOf);
      const least = Math.min(...costs);
      // Where the best is to take nothing, a row with a score of 1 may stand in its way.
      if (scores.includes(1) && costs.slice(0, -1).every((cost) => cost > least)) return;
      assert.equal(costOf(found), least);
      const taken = (threshold: number) => scores.filter((score) => score >= threshold).length;
      const lower = cuts.filter((cut) => cut >= 0 && cut < found && costOf(cut) === least);
      assert.ok(lower.every((cut) => taken(cut) === taken(found)));
    }),
  );
});

test("what is wanted is reached with as many rows as can be, and NaN is never chosen", () => {
  const [truth, scores] = [
    [1, 1, 0, 1, 0, 0],
    [0.9, 0.8, 0.7, 0.6, 0.5, 0.4],
  ];
  const precision = (wanted: number) =>
    bestCut(truth, scores, ({ taken, hits, own }) => (hits / taken >= wanted ? 1 + hits / own : hits / taken));
  assert.ok(Math.abs(precision(1) - 0.75) < 1e-12);
  assert.ok(Math.abs(precision(0.75) - 0.55) < 1e-12);
  assert.equal(precision(0.1), 0.2);
  assert.ok(Number.isNaN(bestCut(truth, scores, () => Number.NaN)));
});

test("the curve goes from all rows to the surest ones; equal rows are answered together", () => {
  const rows = 200;
  const confidence = Array.from({ length: rows }, (_, row) => 0.5 + (row % 40) / 80);
  const right = confidence.map((own, row) => ((row * 7919) % 100 < 100 * own ? 1 : 0));
  const curve = coverageCurve(right, confidence);
  assert.equal(curve[0].coverage, 1);
  assert.ok(curve.length > 10 && curve.length <= 21);
  for (const { coverage, threshold, accuracy } of curve) {
    const answered = right.filter((_, row) => confidence[row] >= threshold);
    assert.equal(answered.length / rows, coverage);
    assert.ok(Math.abs(answered.reduce((sum: number, own) => sum + own, 0) / answered.length - accuracy) < 1e-12);
  }
  assert.deepEqual(coverageCurve([1, 0], [0.7, 0.7]), [{ coverage: 1, threshold: 0.7, accuracy: 0.5 }]);
  assert.deepEqual(coverageCurve([], []), []);
});
