import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import { conformalHalfWidth } from "../../metrics/index.js";
import { numberHead } from "./head.js";
import { largestErrors } from "./mistakes.js";
import { pickClosest } from "./pick-closest.js";
import { predictionChart } from "./prediction-chart.js";
import { quantileGroups } from "./quantile-groups.js";
import { numberScoresSchema } from "./scores.js";
import { boundsOf, isNumber, numbersOf, planNumbers, withIntervals } from "./space.js";
import { regression } from "./task.js";

const space = { least: 1, most: 5, areWhole: false, halfWidth: 1 };
const table = (labels: string[]) => ({
  source: "a.csv",
  labelColumn: "score",
  texts: labels.map(String),
  places: [...labels.keys()],
  labels,
  others: {},
  skippedEmptyText: 0,
  skippedEmptyLabel: 0,
  unfit: { rows: 0, example: "", noun: "a number" },
});
const plan = (labels: string[]) => planNumbers(table(labels), [...labels.keys()]);

test("numbers are those that every program reads alike", () => {
  for (const label of ["4", "-0.5", ".5", "3.", "+1e-3", " 7 ", "007", "1E5"]) assert.ok(isNumber(label), label);
  for (const label of ["", "n/a", "0x10", "Infinity", "NaN", "1,000", "1.5.2", "$5", "40 %", "1e999", "٣", null, ["1"]])
    assert.equal(isNumber(label), false, String(label));
});

test("the range of the numbers, and what cannot be learned", () => {
  assert.deepEqual(plan(["2", "1.5", "4"]).space, { least: 1.5, most: 4, areWhole: false, halfWidth: null });
  assert.equal(plan(["2", "-1", "4"]).space.areWhole, true);
  assert.match(plan(["0", "1", "0"]).warnings[0], /two values only, 0 and 1/);
  for (const [labels, message] of [
    [["5", "5.0"], /'score' of a\.csv is 5 in all 2 rows/],
    [["1", "1e30"], /from 1 to 1e\+30, too large/],
    [["1e-20", "2e-20"], /too close together/],
    [["1000000000001", "1000000000003"], /differ too little for their size\. Subtract 1000000000000/],
  ] as const)
    assert.throws(() => plan([...labels]), { name: "UserError", message });
});

test("answers and their intervals stay in the range; without enough validation rows an interval is all of it", () => {
  const own = numbersOf(Float32Array.of(0, 2.3, 4.5, Number.POSITIVE_INFINITY), space);
  assert.deepEqual([...own], [1, 2.3, 4.5, 5]);
  const { low, high } = boundsOf(own, space);
  assert.deepEqual(
    [[...low], [...high]],
    [
      [1, 1.3, 3.5, 4],
      [2, 3.3, 5, 5],
    ],
  );
  const truth = Float64Array.from({ length: 20 }, (_, row) => 1 + (row % 5));
  const answers = Float32Array.from(truth, (number, row) => number + (row % 2 ? 0.01 : -0.01) * row);
  const settled = withIntervals(space, answers, { width: 1, values: truth });
  assert.equal(settled.halfWidth, Number(conformalHalfWidth(truth, numbersOf(answers, space)).toPrecision(7)));
  const few = withIntervals(space, answers.slice(0, 8), { width: 1, values: truth.slice(0, 8) });
  assert.equal(few.halfWidth, null);
  assert.deepEqual(regression.answers(Float32Array.of(3), few), [{ value: 3, low: 1, high: 5 }]);
});

test("an answer is written in the type of its column, whole where all numbers are", () => {
  const typeOf = (type: string | undefined, areWhole: boolean) =>
    regression.columns({ column: "n", type }, { ...space, areWhole }, false)[0].writtenAs;
  assert.equal(typeOf("INTEGER", true), "INTEGER");
  assert.equal(typeOf("DECIMAL(9,2)", false), "DECIMAL(9,2)");
  assert.equal(typeOf("DOUBLE", true), undefined);
  assert.equal(typeOf("BIGNUM", true), "HUGEINT");
  // A CSV's column is text.
  assert.equal(typeOf(undefined, true), "BIGINT");
  for (const type of [undefined, "JSON", "BIT"]) assert.equal(typeOf(type, false), undefined);
  const names = regression.columns({ column: "n" }, space, true).map(({ name }) => name);
  assert.deepEqual(names, ["n", "n_low", "n_high"]);
});

test("groups of about the same size; equal numbers are together", () => {
  assert.deepEqual([...quantileGroups([5, 1, 2, 5, 5, 4], 3)], [1, 0, 0, 1, 1, 1]);
  assert.deepEqual([...quantileGroups([3, 1, 3], 10)], [1, 0, 1]);
  assert.deepEqual([...quantileGroups([3, 1, 2], 1)], [0, 0, 0]);
  const random = createRandom(3);
  const groups = quantileGroups(
    Float64Array.from({ length: 1000 }, () => random.float()),
    10,
  );
  for (let group = 0; group < 10; group++) assert.equal(groups.filter((own) => own === group).length, 100);
  // Half of all numbers are one: they are one group, and none is empty.
  const many = quantileGroups(
    Float64Array.from({ length: 1000 }, (_, i) => (i % 2 ? 7 : i)),
    4,
  );
  assert.deepEqual(
    [...new Set(many)].sort(),
    [...new Set(many).keys()].map((_, i) => i),
  );
});

test("a dearer model must be closer by more than the standard error of the difference", () => {
  assert.equal(
    pickClosest([
      [2, 1, 3, 2],
      [1, 0, 2, 1],
    ]),
    1,
  );
  // Closer by 0.5 on average, ± 1.5.
  assert.equal(
    pickClosest([
      [4, 0, 0, 0],
      [0, 1, 0, 1],
    ]),
    0,
  );
  assert.equal(
    pickClosest([
      [1, 1],
      [1, 1],
      [0, 0],
    ]),
    2,
  );
});

test("the head learns deviations from the mean; its figure is the mean absolute error", () => {
  const targets = { width: 1, values: Float64Array.of(10, 14, 12) };
  const { amounts, figure } = numberHead(targets);
  assert.equal(amounts!.mean, 12);
  assert.ok(Math.abs(amounts!.deviation - Math.sqrt(8 / 3)) < 1e-12);
  assert.equal(figure.of(targets, [0, 2], Float32Array.of(11, 15)), 2);
  assert.equal(numberHead({ width: 1, values: Float64Array.of(3, 3) }).amounts!.deviation, 1);
});

test("the largest errors come first; exact answers are none", () => {
  const errors = largestErrors(["a", "b", "c"], [1, 2, 3], [1.5, 2, 1], 5);
  assert.deepEqual(
    errors.map(({ text, error }) => [text, error]),
    [
      ["c", -2],
      ["a", 0.5],
    ],
  );
});

test("scores survive JSON, also where a figure is not defined", () => {
  const labels = ["1", "2", "4", "5"];
  const scores = regression.score(labels, Float32Array.of(1, 3, 4, 4), space, 0) as Record<string, never>;
  assert.equal(scores.mae, 0.5);
  assert.equal(scores.coverage, 1);
  assert.equal(scores.meanError, 0);
  const constant = regression.score(labels, Float32Array.of(3, 3, 3, 3), space, 0);
  const alone = regression.score(["2"], Float32Array.of(3), space, 0);
  for (const one of [scores, constant, alone]) {
    assert.deepEqual(numberScoresSchema.parse(JSON.parse(JSON.stringify(one))), one);
    assert.ok(!JSON.stringify(regression.tables(one)).includes("NaN"));
  }
  const [mae, r2] = regression.groupFigures(labels, Float32Array.of(1, 3, 4, 4), space);
  assert.equal(mae.value, 0.5);
  assert.ok(mae.interval!.low >= 0 && mae.interval!.high > 0.5);
  assert.equal(r2.value, 1 - 2 / 10);
});

test("few true values are drawn as boxes, many as points, at most 1,500", () => {
  const random = createRandom(5);
  const predicted = Float64Array.from({ length: 4000 }, () => 1 + 4 * random.float());
  const scale = predictionChart(
    predicted.map((_, row) => 1 + (row % 5)),
    predicted,
  ).source;
  assert.equal(scale.match(/<rect class="range"/g)!.length, 5);
  assert.doesNotMatch(scale, /<path/);
  const amounts = predictionChart(
    predicted.map((number) => number + random.float()),
    predicted,
  ).source;
  const drawn = amounts.match(/<path/g)!.length;
  assert.ok(drawn > 1000 && drawn <= 1500);
  assert.match(amounts, /1,334 of the 4,000 held-out rows are drawn/);
  for (const chart of [scale, amounts, predictionChart([2], Float64Array.of(2)).source])
    assert.doesNotMatch(chart, /NaN|Infinity/);
});
