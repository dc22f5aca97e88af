import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { holm } from "./holm.js";
import { hypergeometricTail } from "./hypergeometric.js";
import { mcnemar } from "./mcnemar.js";
import { normalTail } from "./normal.js";

const golden = JSON.parse(readFileSync("test/golden/paired.json", "utf8")) as {
  mcnemar: [first: number, second: number, expected: number][];
  holm: { given: number[]; corrected: number[] }[];
  hypergeometric: [least: number, rows: number, marked: number, drawn: number, expected: number][];
  normal: [z: number, expected: number][];
};

function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected), `${what}: ${actual} ≠ ${expected}`);
}

test("exact McNemar and Holm equal statsmodels", () => {
  for (const [first, second, expected] of golden.mcnemar) {
    near(mcnemar(first, second), expected, `${first} and ${second}`);
    near(mcnemar(second, first), expected, `${second} and ${first}`);
  }
  for (const { given, corrected } of golden.holm)
    for (const [i, value] of holm(given).entries()) near(value, corrected[i], `Holm of ${given}`);
  assert.deepEqual(holm([]), []);
});

test("tails of hypergeometric and normal distributions equal SciPy", () => {
  for (const [least, rows, marked, drawn, expected] of golden.hypergeometric)
    near(hypergeometricTail(least, rows, marked, drawn), expected, `${least} of ${drawn}`);
  for (const [z, expected] of golden.normal) near(normalTail(z), expected, `beyond ${z}`);
});
