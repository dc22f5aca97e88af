import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { twiceTheRows } from "./learning-curve.js";

const counts = [500, 1000, 2000, 4000];

test("errors that follow a power law are extrapolated exactly", () => {
  const law = (count: number) => 0.1 + 2 * count ** -0.4;
  const { gain, interval } = twiceTheRows(
    counts,
    10,
    counts.map((count) => () => law(count)),
  );
  assert.ok(Math.abs(gain - (law(4000) - law(8000))) < 1e-9);
  assert.ok(Math.abs(interval.low - gain) < 1e-9 && Math.abs(interval.high - gain) < 1e-9);
});

test("the interval is as wide as the rows are few, and a curve that is flat or rises promises nothing", () => {
  const widthWith = (rows: number) => {
    const random = createRandom(3);
    const hard = Float64Array.from({ length: rows }, () => random.float());
    // A row that a model of fewer rows gets right, one of more rows does too.
    const errorOf = (count: number) => (sample: ArrayLike<number>) => {
      let wrong = 0;
      for (let i = 0; i < sample.length; i++) if (hard[sample[i]] < 3 * count ** -0.4) wrong++;
      return wrong / sample.length;
    };
    const { gain, interval } = twiceTheRows(counts, rows, counts.map(errorOf));
    assert.ok(interval.low <= gain && gain <= interval.high);
    const truth = 3 * (4000 ** -0.4 - 8000 ** -0.4);
    assert.ok(interval.low <= truth && truth <= interval.high, `${interval.low} ${interval.high} ${truth}`);
    return interval.high - interval.low;
  };
  assert.ok(widthWith(200) > 1.5 * widthWith(2000));
  for (const errors of [counts.map(() => 0.3), [0.2, 0.25, 0.3, 0.35]])
    assert.equal(
      twiceTheRows(
        counts,
        10,
        errors.map((error) => () => error),
      ).gain,
      0,
    );
  assert.throws(() => twiceTheRows([1, 2], 10, [() => 1, () => 1]), RangeError);
});
