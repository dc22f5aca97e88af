import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { findLabelErrors, likelyErrors, rankLabels } from "./label-errors.js";

/** Rows of a model that is right on most, and of known wrong labels. */
function answers(rows: number, classes: number, wrongShare: number, seed: number) {
  const random = createRandom(seed);
  const probabilities = new Float32Array(rows * classes);
  const [labels, isWrong] = [new Int32Array(rows), new Uint8Array(rows)];
  for (let row = 0; row < rows; row++) {
    const truth = random.integer(classes);
    const logits = Array.from({ length: classes }, (_, c) => 1.5 * random.normal() + (c === truth ? 5 : 0));
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    for (const [c, logit] of logits.entries()) probabilities[row * classes + c] = Math.exp(logit) / total;
    isWrong[row] = random.float() < wrongShare ? 1 : 0;
    labels[row] = isWrong[row] ? (truth + 1 + random.integer(classes - 1)) % classes : truth;
  }
  return { probabilities, labels, isWrong };
}

for (const classes of [2, 7])
  test(`planted wrong labels of ${classes} classes are found, ranked first, and their number is estimated`, () => {
    const { probabilities, labels, isWrong } = answers(3000, classes, 0.06, classes);
    const planted = isWrong.reduce((sum, one) => sum + one, 0);
    const found = findLabelErrors(probabilities, labels, classes);
    const right = found.rows.filter((row) => isWrong[row]).length;
    assert.ok(right >= 0.8 * planted, `${right} of ${planted}`);
    assert.ok(right >= 0.6 * found.rows.length, `${right} of ${found.rows.length}`);
    const { least, most } = likelyErrors(found, probabilities, labels, classes);
    assert.ok(least <= most && most <= found.rows.length);
    assert.ok(0.6 * right < most && least < 1.4 * right, `${least} to ${most} expected, ${right} are wrong`);
    const first = rankLabels(probabilities, labels, classes).slice(0, 50);
    assert.ok(first.filter((row) => isWrong[row]).length >= 48);
    assert.deepEqual([...found.rows.slice(0, 50)], [...first]);
    // The suggested label is the model's, never the given one.
    assert.ok(found.likely.every((label, i) => label !== labels[found.rows[i]]));
  });

test("hardly anything is flagged where nothing is wrong, and hardly any of it is expected to be", () => {
  const { probabilities, labels } = answers(3000, 4, 0, 3);
  const found = findLabelErrors(probabilities, labels, 4);
  assert.ok(found.rows.length < 90, String(found.rows.length));
  assert.ok(likelyErrors(found, probabilities, labels, 4).least < 0.1 * found.rows.length);
});

test("probabilities of an unsure model are calibrated first: the same ranking, the same finds", () => {
  const { probabilities, labels } = answers(2000, 2, 0.05, 9);
  const unsure = probabilities.map((p) => p ** 0.3);
  for (let row = 0; row < labels.length; row++) {
    const sum = unsure[2 * row] + unsure[2 * row + 1];
    unsure[2 * row] /= sum;
    unsure[2 * row + 1] /= sum;
  }
  const [found, sure] = [unsure, probabilities].map((one) => new Set(findLabelErrors(one, labels, 2).rows));
  assert.ok(Math.abs(found.size - sure.size) <= 2 && [...found].filter((row) => !sure.has(row)).length <= 2);
});
