import assert from "node:assert/strict";
import { test } from "node:test";
import { allocateMemory, type ParameterInit, planMemory } from "./memory.js";
import { trainingBytes } from "./step-cost.js";

test("a network too large for one memory is refused before anything is allocated", () => {
  const data = { length: 3e8 } as Float32Array;
  assert.throws(
    () => allocateMemory([{ name: "table", shape: [3e5, 1000], data }], 2),
    /has 300 million parameters to train; at most 213 million can be trained/,
  );
});

/** No numbers are held. */
const wanted = (name: string, shape: [number, number], trainable: boolean): ParameterInit => ({
  name,
  shape,
  trainable,
  data: { length: shape[0] * shape[1] } as Float32Array,
});

test("frozen parameters do not count for what one memory holds", () => {
  const parts = [wanted("body", [4e5, 1000], false), wanted("head", [1e4, 1000], true)];
  const { places, frozen, size } = planMemory(parts, 2);
  assert.deepEqual(
    places.map(({ name, offset }) => [name, offset]),
    [["head", 0]],
  );
  assert.deepEqual(
    frozen.map(({ name, length }) => [name, length]),
    [["body", 4e8]],
  );
  assert.equal(size, 1e7);
  assert.equal(planMemory([...parts, wanted("more", [4e6, 1000], false)], 2).size, 1e7);
  assert.throws(
    () => planMemory([...parts, wanted("more", [3e5, 1000], true)], 2),
    /has 310 million parameters to train/,
  );
});

test("a frozen parameter takes 4 bytes a number", () => {
  const parameter = (name: string, rows: number, trainable: boolean): ParameterInit => ({
    name,
    shape: [rows, 1000],
    trainable,
    data: new Float32Array(rows * 1000).fill(rows),
  });
  const [frozenCount, trainedCount] = [9e5, 1e5];
  const { shared, frozen, squares, scratch } = allocateMemory(
    [parameter("body", frozenCount / 1000, false), parameter("head", trainedCount / 1000, true)],
    2,
  );
  const frozenBytes = frozen.reduce((sum, { values }) => sum + values.byteLength, 0);
  assert.equal(frozenBytes, 4 * frozenCount);
  // Values, two moments, gradients of two lanes; rows' steps, scratch and the last page beside them.
  const least = 5 * 4 * trainedCount;
  const bytes = shared.buffer.byteLength + squares.byteLength;
  assert.ok(bytes >= least && bytes < least + scratch.length * 12_064 + 2 * 65_536, `${bytes} for ${least}`);
  assert.ok(new Float32Array(frozen[0].values).every((value) => value === 900));
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

test("what training holds is told before anything is allocated", () => {
  const parameter = (name: string, trainable: boolean): ParameterInit => ({
    ...{ name, shape: [300, 1000], trainable },
    data: new Float32Array(3e5),
  });
  const parameters = [parameter("table", true), parameter("kernel", true), parameter("frozen", false)];
  const { shared, frozen } = allocateMemory(parameters, 2);
  // The table is only looked up: no sum of its gradients is written, no worker copies it.
  const told = trainingBytes(parameters, { shards: 2, workers: 2, copied: new Set(["kernel", "frozen"]) });
  const allocated = shared.buffer.byteLength + frozen.reduce((sum, { values }) => sum + values.byteLength, 0);
  const [neverWritten, copies] = [2 * 4 * 3e5, 2 * 4 * (2 * 3e5 + 3e5)];
  assert.ok(Math.abs(told - (allocated - neverWritten + copies)) < 300_000, `${told} for ${allocated}`);
});
