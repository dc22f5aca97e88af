import assert from "node:assert/strict";
import { test } from "node:test";
import { sentenceOf } from "./sentences.js";

const accuracy = { name: "accuracy", title: "Accuracy", isShare: true };
const pair = {
  better: "lstm",
  worse: "linear",
  difference: 0.012,
  interval: { low: 0.003, high: 0.021 },
  test: "mcnemar" as const,
  probability: 0.01,
  isShown: true,
  smallest: 0.009,
};
const chance = { ...pair, isShown: false, interval: { low: -0.004, high: 0.021 }, smallest: 0.03 };

test("a comparison in words", () => {
  const cases: [given: Partial<typeof pair>, isShare: boolean, expected: string][] = [
    [pair, true, "lstm beats linear by 1.2 points (0.3 to 2.1)."],
    [
      chance,
      true,
      "lstm and linear differ by 1.2 points (−0.4 to 2.1), which may be chance: with 500 test rows no difference below 3.0 points can be shown.",
    ],
    [
      { ...chance, smallest: 1.5 },
      true,
      "lstm and linear differ by 1.2 points (−0.4 to 2.1), which may be chance: with 500 test rows no difference can be shown.",
    ],
    [
      { ...chance, difference: 0 },
      true,
      "lstm and linear are equally good: with 500 test rows no difference below 3.0 points can be shown.",
    ],
    [{ ...chance, difference: 0, smallest: 0 }, true, "lstm and linear are equally good on 500 test rows."],
    [{ difference: 0.25, interval: { low: 0.1, high: 0.4 } }, false, "lstm beats linear by 0.250 (0.100 to 0.400)."],
  ];
  for (const [given, isShare, expected] of cases)
    assert.equal(sentenceOf({ ...pair, ...given }, { ...accuracy, isShare }, 500), expected);
});
