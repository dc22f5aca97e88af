import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import { createArena } from "../../kernels/index.js";
import { sigmoidLimit, sigmoidSteps } from "./fit-samples.js";
import { loadKernels } from "./kernels.js";

const near = (found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number) => {
  assert.equal(found.length, wanted.length);
  for (let i = 0; i < found.length; i++)
    assert.ok(Math.abs(found[i] - wanted[i]) < tolerance, `${i}: ${found[i]} instead of ${wanted[i]}`);
};

test("fitPairs: the formulas of GloVe and AdaGrad, pair by pair", () => {
  const arena = createArena();
  const kernels = loadKernels(arena.memory);
  const random = createRandom(3);
  const [dim, rows, rowFloats] = [8, 5, 12];
  const places = Array.from({ length: 4 }, () => arena.allocate(4 * rowFloats * rows));
  const at = arena.allocate(16 * 40);
  const view = (address: number, length: number) => new Float32Array(arena.memory.buffer, address, length);
  const [w, c, gw, gc] = places.map((address) => view(address, rowFloats * rows));
  for (const values of [w, c]) for (let i = 0; i < values.length; i++) values[i] = random.float() - 0.5;
  gw.fill(1);
  gc.fill(1);
  const pairs = Array.from({ length: 40 }, () => ({
    i: random.integer(rows),
    j: random.integer(rows),
    log: random.normal(),
    f: random.float(),
  }));
  const ids = new Int32Array(arena.memory.buffer, at, 160);
  for (const [p, { i, j, log, f }] of pairs.entries()) {
    ids.set([i, j], 4 * p);
    view(at, 160).set([log, f], 4 * p + 2);
  }
  const [wantedW, wantedC, wantedGw, wantedGc] = [w, c, gw, gc].map((values) => Float64Array.from(values));
  for (const { i, j, log, f } of pairs) {
    const [a, b] = [i * rowFloats, j * rowFloats];
    let difference = wantedW[a + dim] + wantedC[b + dim] - log;
    for (let d = 0; d < dim; d++) difference += wantedW[a + d] * wantedC[b + d];
    for (let d = 0; d <= dim; d++) {
      const gradientW = f * difference * (d < dim ? wantedC[b + d] : 1);
      const gradientC = f * difference * (d < dim ? wantedW[a + d] : 1);
      wantedW[a + d] -= (0.05 * gradientW) / Math.sqrt(wantedGw[a + d]);
      wantedC[b + d] -= (0.05 * gradientC) / Math.sqrt(wantedGc[b + d]);
      wantedGw[a + d] += gradientW ** 2;
      wantedGc[b + d] += gradientC ** 2;
    }
  }
  kernels.fitPairs(at, pairs.length, places[0], places[1], places[2], places[3], 4 * rowFloats, 0.05);
  for (let row = 0; row < rows; row++) {
    const part = (values: Float32Array | Float64Array) => values.slice(row * rowFloats, row * rowFloats + dim + 1);
    near(part(w), part(wantedW), 1e-5);
    near(part(c), part(wantedC), 1e-5);
    near(part(gw), part(wantedGw), 1e-5);
  }
});

test("fitSamples: the formulas of skip-gram with negative sampling, sample by sample", () => {
  const arena = createArena();
  const kernels = loadKernels(arena.memory);
  const random = createRandom(4);
  const [dim, rows, targets, count] = [12, 6, 3, 50];
  const [inputs, outputs] = [arena.allocate(4 * dim * rows), arena.allocate(4 * dim * rows)];
  const [table, change] = [arena.allocate(4 * (sigmoidSteps + 1)), arena.allocate(4 * dim)];
  const samples = arena.allocate(4 * count * (1 + targets));
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const steps = new Float32Array(arena.memory.buffer, table, sigmoidSteps + 1);
  for (let i = 0; i < steps.length; i++) steps[i] = sigmoid(sigmoidLimit * ((2 * i) / sigmoidSteps - 1));
  const [h, v] = [inputs, outputs].map((address) => new Float32Array(arena.memory.buffer, address, dim * rows));
  for (const values of [h, v]) for (let i = 0; i < values.length; i++) values[i] = 4 * (random.float() - 0.5);
  const ids = new Int32Array(arena.memory.buffer, samples, count * (1 + targets));
  for (let i = 0; i < ids.length; i++) ids[i] = random.integer(rows);
  const [wantedH, wantedV] = [Float64Array.from(h), Float64Array.from(v)];
  for (let s = 0; s < count; s++) {
    const [input, ...words] = ids.subarray(s * (1 + targets), (s + 1) * (1 + targets));
    const moved = new Float64Array(dim);
    for (const [k, word] of words.entries()) {
      let dot = 0;
      for (let d = 0; d < dim; d++) dot += wantedH[input * dim + d] * wantedV[word * dim + d];
      const g = 0.025 * ((k === 0 ? 1 : 0) - sigmoid(Math.max(-sigmoidLimit, Math.min(sigmoidLimit, dot))));
      for (let d = 0; d < dim; d++) {
        moved[d] += g * wantedV[word * dim + d];
        wantedV[word * dim + d] += g * wantedH[input * dim + d];
      }
    }
    for (let d = 0; d < dim; d++) wantedH[input * dim + d] += moved[d];
  }
  kernels.fitSamples(samples, count, targets, inputs, outputs, 4 * dim, 0.025, table, change);
  // The table has steps of 0.003.
  near(h, wantedH, 2e-3);
  near(v, wantedV, 2e-3);
  assert.ok(new Float32Array(arena.memory.buffer, change, dim).every((value) => value === 0));
});
