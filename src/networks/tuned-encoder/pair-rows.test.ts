import assert from "node:assert/strict";
import { test } from "node:test";
import { likeness, pairStream, pairsIn } from "./pair-rows.js";

const labels = Array.from({ length: 37 }, (_, row) => [row % 5]);

test("every pass has each row once, and a place decides its rows wherever one begins", () => {
  const take = pairStream(labels, 3);
  const passes = [0, 1, 2].map((pass) => take(37 * pass, 37));
  for (const rows of passes)
    assert.deepEqual(
      [...rows].sort((a, b) => a - b),
      [...labels.keys()],
    );
  assert.notDeepEqual(passes[0], passes[1]);
  const whole = passes.flatMap((rows) => [...rows]);
  const other = pairStream(labels, 3);
  for (const from of [90, 30, 0, 36]) assert.deepEqual([...other(from, 16)], whole.slice(from, from + 16));
  assert.notDeepEqual(pairStream(labels, 4)(0, 37), passes[0]);
  assert.equal(pairStream([[0], [1]], 1)(0, 16).length, 16);
});

test("rows of a label stand together, so that a few rows of many make pairs that are alike", () => {
  const many = Array.from({ length: 800 }, (_, row) => [row % 100]);
  const rows = pairStream(many, 1)(0, 800);
  let alike = 0;
  for (let at = 0; at < 800; at += 16) {
    const { targets } = pairsIn([rows.slice(at, at + 16)], many);
    alike += targets[0].reduce((sum, one) => sum + one, 0);
  }
  // Six in each whole group of four; by chance there would be 0.9 in 16 rows.
  assert.ok(alike / 50 > 12, `${alike / 50} pairs`);
});

test("likeness is the share of labels that both have", () => {
  assert.equal(likeness([1], [1]), 1);
  assert.equal(likeness([1], [2]), 0);
  assert.equal(likeness([1, 2], [2, 3]), 1 / 3);
  assert.equal(likeness([], [2]), 0);
  assert.equal(likeness([], []), undefined);
});

test("pairs that are alike weigh as much as the others, over all shards", () => {
  const own = [[0], [0], [1], [], [0, 1], []];
  const { targets, weights } = pairsIn([Int32Array.of(0, 1, 2), Int32Array.of(3, 4, 5)], own);
  assert.deepEqual([...targets[0]], [0, 1, 0, 0, 0, 0, 0, 0, 0]);
  // Alike: 0–1; others: 0–2, 1–2, 3–4, 4–5. Two rows without labels are no pair.
  const [half, eighth] = [0.5, 0.125];
  assert.deepEqual([...weights[0]], [0, half, eighth, 0, 0, eighth, 0, 0, 0]);
  assert.deepEqual([...weights[1]], [0, eighth, 0, 0, 0, eighth, 0, 0, 0]);
  const { weights: same } = pairsIn([Int32Array.of(0, 1)], own);
  assert.deepEqual([...same[0]], [0, 1, 0, 0]);
});
