import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsAtOnce, textWindows, windowBatches } from "./text-windows.js";

test("windows go together in their order while their rows, padded, hold no more tokens than wanted", () => {
  const texts = [3, 40, 9, 9, 1, 25, 300].map((length) => new Int32Array(length));
  const windows = textWindows(texts, 32);
  const batches = [...windowBatches(windows, 64)];
  assert.deepEqual(batches.flat(), windows);
  for (const [i, batch] of batches.entries()) {
    const longest = batch[batch.length - 1].length;
    assert.ok(batch.length === 1 || batch.length * longest <= 64, `${batch.length} rows of ${longest}`);
    const next = batches[i + 1]?.[0];
    // As many as fit.
    if (next) assert.ok((batch.length + 1) * next.length > 64);
  }
  const many = [...windowBatches(textWindows(new Array(70).fill(new Int32Array(1)), 32), 1e6)];
  assert.deepEqual(
    many.map(({ length }) => length),
    [rowsAtOnce, rowsAtOnce, 70 - 2 * rowsAtOnce],
  );
});
