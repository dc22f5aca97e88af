import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lengthBatches, roundLength } from "./length-batches.js";

const lengthsOf = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 400 });

test("every row comes once, no batch is too large, every text fits its batch", () => {
  fc.assert(
    fc.property(lengthsOf, fc.integer({ min: 1, max: 32 }), fc.option(fc.nat()), (lengths, batchSize, seed) => {
      const maxLength = Math.max(...lengths);
      const batches = lengthBatches(lengths, batchSize, seed, maxLength);
      const rows = batches.flatMap((batch) => [...batch.rows]);
      assert.deepEqual(
        rows.sort((a, b) => a - b),
        lengths.map((_, row) => row),
      );
      for (const { rows: numbers, length } of batches) {
        assert.ok(numbers.length <= batchSize && length <= maxLength);
        for (const row of numbers) assert.ok(lengths[row] <= length);
      }
    }),
  );
});

test("the order follows the seed", () => {
  const lengths = Array.from({ length: 500 }, (_, row) => (row * 37) % 60);
  assert.deepEqual(lengthBatches(lengths, 8, 1), lengthBatches(lengths, 8, 1));
  assert.notDeepEqual(lengthBatches(lengths, 8, 1), lengthBatches(lengths, 8, 2));
});

test("rounded lengths are few, and at most a quarter or 7 positions more", () => {
  for (let length = 1; length < 2000; length++) {
    const rounded = roundLength(length);
    assert.ok(rounded >= length && rounded - length <= Math.max(7, length / 4), `${length} became ${rounded}`);
  }
  assert.ok(new Set(Array.from({ length: 512 }, (_, i) => roundLength(i + 1))).size <= 32);
});
