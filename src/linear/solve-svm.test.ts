import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../base/random.js";
import { commonStart } from "./common-start.js";
import { featureScales } from "./log-count-ratios.js";
import { solveSvm, squaresOf } from "./solve-svm.js";
import type { SparseRows } from "./sparse-rows.js";

interface Golden {
  svm: { x: number[][]; signs: number[]; C: number; weights: number[]; bias: number }[];
  ratios: { inClass: number[]; inAll: number[]; plain: number[]; half: number[] };
}
const golden = JSON.parse(readFileSync("test/golden/linear.json", "utf8")) as Golden;

function sparse(dense: number[][]): SparseRows {
  const [start, ids, values] = [[0], [] as number[], [] as number[]];
  for (const row of dense) {
    row.forEach((value, id) => {
      if (value !== 0) {
        ids.push(id);
        values.push(value);
      }
    });
    start.push(ids.length);
  }
  return {
    rows: dense.length,
    features: dense[0]?.length ?? 0,
    start: Int32Array.from(start),
    ids: Int32Array.from(ids),
    values: Float32Array.from(values),
  };
}

function solve(dense: number[][], signs: number[], C: number, seed = 1, tolerance = 1e-9) {
  const rows = Int32Array.from(dense.keys());
  return solveSvm({ x: sparse(dense), signs: Int8Array.from(signs), rows, C, tolerance, seed, maxPasses: 100_000 });
}

for (const { x, signs, C, weights, bias } of golden.svm) {
  test(`coefficients equal LinearSVC's: ${x.length} rows, ${weights.length} features, C ${C}`, () => {
    const solution = solve(x, signs, C);
    for (const [f, expected] of weights.entries())
      assert.ok(Math.abs(solution.weights[f] - expected) < 2e-6, `${f}: ${solution.weights[f]} ≠ ${expected}`);
    assert.ok(Math.abs(solution.bias - bias) < 2e-6, `bias ${solution.bias} ≠ ${bias}`);
  });
}

test("a common start leads to the same solution", () => {
  // Rows of ten classes on twelve features; what the classes before came to is where the next one begins.
  const random = createRandom(7);
  const dense = Array.from({ length: 60 }, () => Array.from({ length: 12 }, () => random.integer(5) - 2));
  const x = sparse(dense);
  const rows = Int32Array.from(dense.keys());
  const squares = squaresOf(x, rows, 1);
  const common = commonStart({ x, rows, C: 1, seed: 3, squares });
  for (let c = 0; c < 10; c++) {
    const positives = rows.filter((row) => row % 10 === c);
    const signs = Int8Array.from(rows, (row) => (row % 10 === c ? 1 : -1));
    const begin = common.startFor(positives);
    // Weights and bias are those of the duals.
    for (let f = 0; f < 12; f++) {
      const own = dense.reduce((sum, row, i) => sum + begin.duals[i] * signs[i] * row[f], 0);
      assert.ok(Math.abs(begin.weights[f] - own) < 1e-4, `${f}: ${begin.weights[f]} ≠ ${own}`);
    }
    assert.ok(Math.abs(begin.bias - rows.reduce((sum, row) => sum + begin.duals[row] * signs[row], 0)) < 1e-4);
    const settings = { x, signs, rows, C: 1, tolerance: 1e-7, seed: 1, maxPasses: 100_000 };
    const [plain, near] = [solveSvm(settings), solveSvm({ ...settings, begin, squares })];
    for (let f = 0; f < 12; f++) assert.ok(Math.abs(plain.weights[f] - near.weights[f]) < 1e-4);
    assert.ok(Math.abs(plain.bias - near.bias) < 1e-4);
    common.learn(positives, near.duals);
  }
});

test("one feature, one row, no feature at all", () => {
  // One row of value 1 and sign +1: with t = w + b, min t²/4 + C (1 − t)² gives t = 4C / (1 + 4C); w = b = t / 2.
  const single = solve([[1]], [1], 1);
  assert.ok(Math.abs(single.weights[0] - 0.4) < 1e-9 && Math.abs(single.bias - 0.4) < 1e-9);
  const none = solve([[], []], [-1, -1], 1);
  assert.ok(none.bias < 0);
});

test("any problem: no weight vector nearby is better, and the order of the rows does not matter", () => {
  const row = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 3, maxLength: 3 });
  const problem = fc.array(fc.tuple(row, fc.constantFrom(-1, 1)), { minLength: 2, maxLength: 12 });
  const loss = (rows: [number[], number][], w: number[], b: number) =>
    rows.reduce(
      (sum, [x, sign]) => sum + Math.max(0, 1 - sign * (b + x.reduce((dot, v, f) => dot + v * w[f], 0))) ** 2,
      (b * b + w.reduce((sum, v) => sum + v * v, 0)) / 2,
    );
  fc.assert(
    fc.property(problem, fc.nat(), (rows, seed) => {
      const dense = rows.map(([x]) => x);
      const signs = rows.map(([, sign]) => sign);
      const { weights, bias } = solve(dense, signs, 1, seed);
      const w = [...weights];
      const best = loss(rows, w, bias);
      for (let f = 0; f <= 3; f++) {
        for (const step of [-1e-3, 1e-3]) {
          const other = w.map((value, at) => (at === f ? value + step : value));
          assert.ok(loss(rows, other, f === 3 ? bias + step : bias) >= best - 1e-9);
        }
      }
      const again = solve(dense, signs, 1, seed + 1);
      for (let f = 0; f < 3; f++) assert.ok(Math.abs(again.weights[f] - w[f]) < 1e-4);
    }),
    { numRuns: 60 },
  );
});

test("log-count ratios equal NumPy's", () => {
  const { inClass, inAll, plain, half } = golden.ratios;
  const scales = (ratio: number) => featureScales(Int32Array.from(inClass), Int32Array.from(inAll), ratio);
  for (let f = 0; f < plain.length; f++) {
    assert.ok(Math.abs(scales(1)[f] - plain[f]) < 1e-6);
    assert.ok(Math.abs(scales(0.5)[f] - half[f]) < 1e-6);
    assert.equal(scales(0)[f], 1);
  }
});
