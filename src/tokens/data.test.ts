import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { seededPermutation } from "./permutation.js";
import { evenBlocks, maskBatch, parallelStreams, shuffledBlocks } from "./token-batches.js";
import { openTokenFile, openTokenWriter, tokenSource } from "./token-file.js";
import { tokenSlice } from "./token-slice.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-data-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const counting = (length: number) => tokenSource(Int32Array.from({ length }, (_, i) => i));

test("a seeded permutation gives every place once, and another seed another order", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (count, seed) => {
      const order = seededPermutation(count, seed);
      const places = Array.from({ length: count }, (_, i) => order(i));
      assert.deepEqual(
        places.toSorted((a, b) => a - b),
        places.map((_, i) => i),
      );
    }),
    { numRuns: 30 },
  );
  const some = (seed: number) => Array.from({ length: 50 }, (_, i) => seededPermutation(1000, seed)(i));
  assert.notDeepEqual(some(1), some(2));
});

test("token files: 2 and 4 bytes an id, read from anywhere; a cut file is told", () => {
  for (const [vocabSize, largest] of [
    [65536, 65535],
    [65537, 65536],
  ]) {
    const path = join(folder, `${vocabSize}.tokens`);
    const writer = openTokenWriter(path, vocabSize);
    const ids = Int32Array.from({ length: 300_000 }, (_, i) => (i * 7919) % (largest + 1));
    ids[299_999] = largest;
    writer.append(ids.subarray(0, 5));
    writer.append(ids.subarray(5));
    assert.equal(writer.length, ids.length);
    writer.close();
    const file = openTokenFile(path, vocabSize);
    assert.equal(file.length, ids.length);
    assert.deepEqual(file.read(299_990, 10), ids.slice(299_990));
    assert.deepEqual(tokenSlice(file, 100, 200).read(3, 4), ids.slice(103, 107));
    assert.throws(() => file.read(299_999, 2), /ends before/);
    file.close();
    truncateSync(path, 7);
    assert.throws(() => openTokenFile(path, vocabSize), /damaged/);
  }
});

test("shuffled blocks: targets follow their ids, and an epoch has each block once", () => {
  const batches = shuffledBlocks(counting(1003), { sequences: 4, length: 10, seed: 3 });
  const blocks = Math.floor(1002 / 10) - 1;
  const seen = new Set<number>();
  for (let step = 0; step * 4 < blocks; step++) {
    const { ids, targets } = batches(step);
    for (const [i, id] of ids.entries()) assert.equal(targets[i], id + 1);
    for (let row = 0; row < 4 && step * 4 + row < blocks; row++) seen.add(ids[row * 10]);
  }
  assert.equal(seen.size, blocks);
  assert.deepEqual(batches(5), shuffledBlocks(counting(1003), { sequences: 4, length: 10, seed: 3 })(5));
  assert.doesNotThrow(() => shuffledBlocks(counting(12), { sequences: 2, length: 10, seed: 1 })(7));
});

test("parallel streams go on from batch to batch, and begin anew with each epoch", () => {
  const batches = parallelStreams(counting(1000), { sequences: 3, length: 10, seed: 3 });
  let last: Int32Array | undefined;
  let starts = 0;
  for (let step = 0; step < 70; step++) {
    const { ids, targets, isStart } = batches(step);
    if (isStart) starts++;
    else for (let row = 0; row < 3; row++) assert.equal(ids[row * 10], last![row * 10 + 9]);
    for (const [i, id] of ids.entries()) assert.equal(targets[i], id + 1);
    last = targets;
  }
  assert.ok(starts > 1);
});

test("even blocks cover the text from beginning to end", () => {
  const blocks = evenBlocks(counting(1000), 10, 5);
  assert.deepEqual(
    blocks.map(({ from }) => from),
    [0, 190, 390, 590, 790],
  );
  assert.equal(evenBlocks(counting(1000), 10, 1e9).length, 99);
  assert.equal(evenBlocks(counting(7), 10, 5)[0].ids.length, 7);
});

test("the masked objective hides about 15 %, and only hidden ids count", () => {
  const ids = Int32Array.from({ length: 20_000 }, (_, i) => 2 + (i % 98));
  const plan = { maskId: 1, firstWord: 2, vocabSize: 100, seed: 4 };
  const batch = maskBatch({ ids, isStart: true }, plan, 3);
  const hidden = batch.counts.reduce((sum, count) => sum + count, 0);
  assert.ok(hidden > 2700 && hidden < 3300, `${hidden}`);
  const shares = { masked: 0, same: 0, other: 0 };
  for (const [i, count] of batch.counts.entries()) {
    assert.equal(batch.targets[i], ids[i]);
    if (count === 0) assert.equal(batch.ids[i], ids[i]);
    else shares[batch.ids[i] === 1 ? "masked" : batch.ids[i] === ids[i] ? "same" : "other"]++;
  }
  assert.ok(Math.abs(shares.masked / hidden - 0.8) < 0.03 && shares.other > 0 && shares.same > 0);
  assert.deepEqual(maskBatch({ ids, isStart: true }, plan, 3), batch);
  assert.ok(maskBatch({ ids: Int32Array.of(5), isStart: true }, plan, 0).counts.includes(1));
});
