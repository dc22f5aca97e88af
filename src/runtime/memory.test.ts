import assert from "node:assert/strict";
import { test } from "node:test";
import { allocateMemory } from "./memory.js";

test("a network too large for one memory is refused before anything is allocated", () => {
  const data = { length: 3e8 } as Float32Array;
  assert.throws(
    () => allocateMemory([{ name: "table", shape: [3e5, 1000], data }], 2),
    /has 300 million parameters; at most 213 million can be trained/,
  );
});

test("every array has the parameters at the same places", () => {
  const first = Float32Array.of(1, 2, 3);
  const memory = allocateMemory(
    [
      { name: "a", shape: [3], data: first },
      { name: "b", shape: [1, 2], data: Float32Array.of(4, 5) },
    ],
    2,
  );
  assert.deepEqual(
    memory.places.map(({ offset, length }) => [offset, length]),
    [
      [0, 3],
      [3, 2],
    ],
  );
  const starts = [memory.parameters, memory.moment1, memory.moment2, ...memory.gradients];
  const sorted = [...starts].sort((a, b) => a - b);
  for (const [i, start] of sorted.slice(1).entries()) assert.ok(start - sorted[i] >= 4 * memory.size);
  assert.deepEqual([...new Float32Array(memory.shared.buffer, memory.parameters, memory.size)], [1, 2, 3, 4, 5]);
});
