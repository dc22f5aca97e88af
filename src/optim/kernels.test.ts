import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { createArena } from "../kernels/index.js";
import { loadOptimizerKernels } from "./kernels.js";

// Lengths with and without floats beside the last four.
for (const length of [0, 1, 4, 7, 130]) {
  test(`${length} floats are added and squared, and their neighbours stay`, () => {
    const arena = createArena();
    const kernels = loadOptimizerKernels(arena.memory);
    const [target, source] = [arena.allocate(4 * (length + 2)), arena.allocate(4 * (length + 2))];
    const view = (address: number) => new Float32Array(arena.memory.buffer, address, length + 2);
    const random = createRandom(length + 1);
    for (const address of [target, source])
      view(address).set(Array.from({ length: length + 2 }, () => random.normal()));
    const [a, b] = [view(target).slice(), view(source).slice()];
    // From the second float on: no address is at a multiple of 16.
    kernels.add(target + 4, source + 4, 4 * length);
    const inside = (i: number) => i >= 1 && i <= length;
    assert.deepEqual(
      [...view(target)],
      [...a].map((value, i) => (inside(i) ? Math.fround(value + b[i]) : value)),
    );
    const expected = [...b].reduce((sum, value, i) => sum + (inside(i) ? value * value : 0), 0);
    assert.ok(Math.abs(kernels.sumOfSquares(source + 4, 4 * length) - expected) <= 1e-14 * expected);
  });
}
