import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stratifiedSplit } from "./split.js";

test("every class gives its share; single rows stay in the rest; the seed decides", () => {
  const labels = [...Array(100).fill(0), ...Array(50).fill(1), 2];
  const { rest, part } = stratifiedSplit(labels, 0.2, 7);
  const count = (rows: Int32Array, label: number) => rows.filter((row) => labels[row] === label).length;
  assert.deepEqual([count(part, 0), count(part, 1), count(part, 2)], [20, 10, 0]);
  assert.equal(rest.length, 121);
  assert.deepEqual(stratifiedSplit(labels, 0.2, 7).part, part);
  assert.notDeepEqual(stratifiedSplit(labels, 0.2, 8).part, part);
  assert.throws(() => stratifiedSplit(labels, 1, 7), RangeError);
  assert.throws(() => stratifiedSplit(labels, 0.2, 7, ["a"]), RangeError);
});

test("property: both parts together are all rows, each once; equal texts are on one side", () => {
  const rows = fc.array(fc.tuple(fc.nat(3), fc.nat(20)), { maxLength: 200 });
  fc.assert(
    fc.property(rows, fc.double({ min: 0, max: 0.9, noNaN: true }), fc.nat(), (pairs, share, seed) => {
      const texts = pairs.map(([, text]) => `text ${text}`);
      const { rest, part } = stratifiedSplit(
        pairs.map(([label]) => label),
        share,
        seed,
        texts,
      );
      assert.deepEqual(
        [...rest, ...part].sort((a, b) => a - b),
        pairs.map((_, i) => i),
      );
      const inPart = new Set([...part].map((row) => texts[row]));
      for (const row of rest) assert.ok(!inPart.has(texts[row]));
      assert.ok(part.length <= Math.round(share * pairs.length + 1e-9));
    }),
  );
});
