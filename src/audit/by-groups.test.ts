// Audits by groups: Fairlearn's figures, gaps that are planted and none that are not, and which columns make groups.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createRandom, mixSeed } from "../base/random.js";
import { newcombeInterval, sameMeans, sameShares } from "../metrics/index.js";
import type { LabelAnswers } from "./answers.js";
import { auditByGroups } from "./by-groups.js";
import { divideRows } from "./divide-rows.js";
import { sentenceOf } from "./sentences.js";

interface Case {
  group: number[];
  truth: number[];
  predicted: number[];
  byGroup: Record<string, number[]>;
  demographic_parity_difference: number;
  demographic_parity_ratio: number;
  equalized_odds_difference: number;
  equalized_odds_ratio: number;
}
const golden = JSON.parse(readFileSync("test/golden/fairness.json", "utf8")) as {
  cases: Case[];
  newcombe: number[][];
};
const near = (actual: number | null, expected: number, what: string) =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-12, `${what}: ${actual} ≠ ${expected}`);

function answersOf(truth: readonly number[], predicted: readonly number[]): LabelAnswers {
  return {
    kind: "labels",
    labels: ["yes"],
    selected: Uint8Array.from(predicted),
    probabilities: Float32Array.from(predicted, (own) => 0.1 + 0.8 * own),
    truth: Uint8Array.from(truth),
    right: Uint8Array.from(truth, (own, row) => (own === predicted[row] ? 1 : 0)),
  };
}

test("figures by group, demographic parity and equalised odds are Fairlearn's", () => {
  for (const { group, truth, predicted, byGroup, ...expected } of golden.cases) {
    const [{ groups, gaps }] = auditByGroups(divideRows({ g: group.map(String) }), answersOf(truth, predicted));
    for (const { group: name, accuracy, labels } of groups) {
      const at = Number(name);
      near(accuracy!.value, byGroup.accuracy[at], "accuracy");
      for (const figure of ["selectionRate", "falsePositiveRate", "falseNegativeRate"] as const)
        near(labels![0][figure]!.value, byGroup[figure][at], figure);
    }
    for (const [measure, name] of [
      ["demographicParity", "demographic_parity"],
      ["equalizedOdds", "equalized_odds"],
    ] as const) {
      const gap = gaps.find((one) => one.measure === measure)!;
      near(gap.difference, expected[`${name}_difference`], name);
      near(gap.ratio, expected[`${name}_ratio`], `${name} ratio`);
      assert.ok(gap.interval.low <= gap.difference && gap.difference <= gap.interval.high);
      assert.ok(gap.ratioInterval!.low <= gap.ratio! && gap.ratio! <= gap.ratioInterval!.high);
      assert.equal(gap.highest.value - gap.lowest.value, gap.difference);
    }
  }
});

test("the interval of a difference of shares is statsmodels'; permutation tests know all ways to divide rows", () => {
  for (const [a, m, b, n, low, high] of golden.newcombe) {
    const found = newcombeInterval([a, m], [b, n]);
    near(found.low, low, "low");
    near(found.high, high, "high");
  }
  // 2 of 252 ways are as far apart; 2 of 6.
  assert.ok(Math.abs(sameShares([{ hits: [5, 0], rows: [5, 5] }]) - 2 / 252) < 0.004);
  assert.ok(Math.abs(sameMeans([1, 2, 9, 10], Int32Array.of(0, 0, 1, 1)) - 1 / 3) < 0.15);
  // Two rows of one number hide no gap between large groups.
  const stars = Array.from({ length: 402 }, (_, row) => (row >= 400 ? 3 : row < 200 ? 1 + (row % 4) : 2 + (row % 4)));
  const groups = Int32Array.from(stars, (_, row) => (row >= 400 ? 2 : row < 200 ? 0 : 1));
  assert.ok(sameMeans(stars, groups) < 0.01);
  assert.equal(sameShares([{ hits: [4, 0], rows: [4, 0] }]), 1);
});

test("planted gaps are found with intervals that hold them; tables without a gap mostly show none", () => {
  const rows = 900;
  const draw = (seed: number, rates: readonly number[]) => {
    const random = createRandom(mixSeed(seed, 5));
    const group = Array.from({ length: rows }, (_, row) => row % rates.length);
    const truth = group.map(() => (random.float() < 0.4 ? 1 : 0));
    const predicted = group.map((own, row) => (random.float() < (truth[row] ? rates[own] : 0.1) ? 1 : 0));
    return auditByGroups(divideRows({ g: group.map((own) => `group ${own}`) }), answersOf(truth, predicted), seed)[0]
      .gaps;
  };
  let [covered, found, claims] = [0, 0, 0];
  const tables = 24;
  for (let seed = 0; seed < tables; seed++) {
    const odds = draw(seed, [0.85, 0.65, 0.8]).find(({ measure }) => measure === "equalizedOdds")!;
    if (odds.interval.low <= 0.2 && 0.2 <= odds.interval.high) covered++;
    if (odds.isShown) found++;
    if (odds.isShown)
      assert.ok(odds.pairs.some(({ isShown, first, second }) => isShown && `${first}${second}`.includes("1")));
    const none = draw(seed + 1000, [0.7, 0.7, 0.7]);
    if (none.some(({ isShown }) => isShown)) claims++;
    for (const { isShown, pairs } of none) if (!isShown) assert.ok(pairs.every((pair) => !pair.isShown));
  }
  assert.ok(covered >= 21 && found >= 19 && claims <= 3, `${covered} ${found} ${claims}`);
});

test("without the truth selection rates alone; numbers by their mean, error and size of error", () => {
  const group = Array.from({ length: 300 }, (_, row) => (row % 2 ? "a" : "b"));
  const {
    truth: _,
    right: __,
    ...blind
  } = answersOf(
    [],
    group.map((own, row) => (own === "a" || row % 4 === 0 ? 1 : 0)),
  );
  const [{ gaps, groups }] = auditByGroups(divideRows({ g: group }), blind);
  assert.deepEqual(
    gaps.map(({ measure }) => measure),
    ["demographicParity"],
  );
  assert.ok(gaps[0].isShown && gaps[0].difference === 0.5 && groups[0].accuracy === undefined);
  const random = createRandom(2);
  const truth = Float64Array.from(group, () => 100 * random.float());
  const values = truth.map((own, row) => own + random.normal() + (group[row] === "a" ? 1 : 0));
  const [numbers] = auditByGroups(divideRows({ g: group }), { kind: "numbers", values, truth });
  const bias = numbers.gaps.find(({ measure }) => measure === "bias")!;
  assert.ok(bias.isShown && bias.interval.low < 1 && bias.interval.high > 1 && bias.ratio === null);
  assert.equal(bias.highest.group, "a");
  assert.ok(!numbers.gaps.find(({ measure }) => measure === "mean")!.isShown);
});

test("a group without rows of a kind is left out of that rate; small groups stay, and are marked", () => {
  const group = [...new Array(40).fill("a"), ...new Array(40).fill("b"), "c", "c"];
  const truth = group.map((own, row) => (own === "c" ? 0 : row % 2));
  const [{ groups, gaps }] = auditByGroups(divideRows({ g: group }), answersOf(truth, truth));
  const small = groups.find((own) => own.group === "c")!;
  assert.ok(small.isSmall && small.labels![0].falseNegativeRate!.value === null);
  const odds = gaps.find(({ measure }) => measure === "equalizedOdds")!;
  assert.equal(odds.difference, 0);
  assert.equal(sentenceOf("g", odds), "g: of the rows that have 'yes', it is found for 100.0 % of every group.");
});

test("values, ranges in their order, rows without a value, two columns together; other columns are refused", () => {
  const rows = 120;
  const columns = {
    age: Array.from({ length: rows }, (_, row) => String(18 + (row % 60))),
    sex: Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? null : row % 3 ? "f" : "m")),
  };
  const [age, sex, both] = divideRows(columns);
  assert.deepEqual(age.groups, ["up to 32.75", "32.75 to 47.5", "47.5 to 62.25", "above 62.25"]);
  assert.ok(age.isRanged && !sex.isRanged);
  assert.deepEqual([sex.groups, sex.withoutValue], [["f", "m", "(no value)"], 12]);
  assert.equal(both.name, "age × sex");
  assert.equal(both.groups.length, 12);
  assert.throws(() => divideRows({ one: ["x", "x"] }), /same value of 'one'/);
  assert.throws(() => divideRows({ none: [null, ""] }), /no value in any row/);
  const days = Array.from({ length: 280 }, (_, row) => `2024-01-${String(1 + (row % 28)).padStart(2, "0")}`);
  assert.throws(() => divideRows({ days }), /'days' has 28 values, but its ranges put all rows into one group/);
  assert.throws(
    () => divideRows({ id: Array.from({ length: 100 }, (_, row) => `customer ${row}`) }),
    /'id' has 100 values, too many for groups of rows \(at most 30\)/,
  );
});
