import assert from "node:assert/strict";
import { test } from "node:test";
import { kendall } from "./kendall.js";

test("Kendall's τ-b equals scipy's, ties included", () => {
  const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} and ${b}`);
  near(kendall([1, 2, 3], [10, 30, 20]), 1 / 3);
  // scipy.stats.kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])
  near(kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]), -0.47140452079103173);
  assert.ok(Number.isNaN(kendall([1, 1], [1, 2])));
});
