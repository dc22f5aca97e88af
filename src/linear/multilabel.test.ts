import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError, UserError } from "../base/errors.js";
import type { Progress } from "../base/progress.js";
import { createRandom } from "../base/random.js";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.js";
import { fitMultilabel } from "./fit-multilabel.js";
import { fitSigmoid, sigmoid } from "./fit-sigmoid.js";
import { multilabelFromTensors, multilabelToTensors } from "./multilabel-tensors.js";
import { predictMultilabel } from "./predict-multilabel.js";
import { solveSvm } from "./solve-svm.js";
import type { SparseRows } from "./sparse-rows.js";
import { trainLabels } from "./train-labels.js";

const words = [
  ["goal", "match", "referee"],
  ["flour", "oven", "butter"],
  ["court", "judge", "verdict"],
];
const filler = ["the", "was", "very", "and", "of", "it", "not", "seen", "again", "today", "there"];

/** Sentences of filler with a word for each of their labels: about a third of them have none. */
function sentences(rows: number, seed: number, shares = [0.4, 0.3, 0.2]) {
  const random = createRandom(seed);
  const labelsOf = Array.from({ length: rows }, () => [0, 1, 2].filter((label) => random.float() < shares[label]));
  const texts = labelsOf.map((own) => {
    const text = Array.from({ length: 8 }, () => filler[random.integer(filler.length)]);
    for (const label of own) text.splice(random.integer(8), 0, words[label][random.integer(3)]);
    return text.join(" ");
  });
  return { texts, labelsOf, labels: 3 };
}

function wrongShare(probabilities: Float32Array, labelsOf: readonly number[][]): number {
  let wrong = 0;
  for (const [row, own] of labelsOf.entries())
    for (let label = 0; label < 3; label++) if (probabilities[3 * row + label] >= 0.5 !== own.includes(label)) wrong++;
  return wrong / (3 * labelsOf.length);
}

test("planted labels are found, none, one or several a row; shuffled ones are not", async () => {
  const [train, held] = [sentences(400, 1), sentences(200, 2)];
  const probabilities = predictMultilabel(await fitMultilabel(train), held.texts);
  assert.ok(wrongShare(probabilities, held.labelsOf) < 0.02, `${wrongShare(probabilities, held.labelsOf)}`);
  const shuffled = { ...train, labelsOf: createRandom(3).shuffle(train.labelsOf.slice()) };
  const noise = predictMultilabel(await fitMultilabel(shuffled), held.texts);
  assert.ok(wrongShare(noise, held.labelsOf) > 0.2);
  // Calibrated: where nothing was learnt, probabilities are near the shares of the labels.
  for (const [label, share] of [0.4, 0.3, 0.2].entries()) {
    const mean = held.texts.reduce((sum, _, row) => sum + noise[3 * row + label] / 200, 0);
    assert.ok(Math.abs(mean - share) < 0.08, `${label}: ${mean}`);
  }
});

test("rows without a label count: the same words without their label make it less likely", async () => {
  const train = sentences(300, 1);
  const [some] = predictMultilabel(await fitMultilabel(train), ["the match was seen again"]);
  const texts = Array.from({ length: 300 }, (_, row) => `${filler[row % 11]} match ${filler[row % 7]}`);
  const more = { ...train, texts: [...train.texts, ...texts], labelsOf: [...train.labelsOf, ...texts.map(() => [])] };
  const [fewer] = predictMultilabel(await fitMultilabel(more), ["the match was seen again"]);
  assert.ok(some > 0.9 && fewer < 0.5, `${some} ${fewer}`);
});

test("a label of 3 in 600 rows is found, and its probabilities are as rare as it is", async () => {
  const train = sentences(600, 7, [0.4, 0.3, 0]);
  for (const row of [10, 200, 590]) {
    train.labelsOf[row].push(2);
    train.texts[row] += " court judge verdict";
  }
  const held = sentences(200, 8, [0.4, 0.3, 0]);
  const model = await fitMultilabel(train);
  const probabilities = predictMultilabel(model, [...held.texts, "the judge of the court and the verdict"]);
  const rare = held.texts.map((_, row) => probabilities[3 * row + 2]);
  assert.ok(probabilities[3 * 200 + 2] > 2 * Math.max(...rare), `${probabilities[3 * 200 + 2]}`);
  assert.ok(rare.reduce((a, b) => a + b, 0) / 200 < 0.02);
});

test("each label is the problem of LinearSVC that its rows make, whatever the other labels", async () => {
  const random = createRandom(7);
  const dense = Array.from({ length: 60 }, () => Array.from({ length: 5 }, () => (random.integer(5) + 1) / 5));
  const x: SparseRows = {
    rows: 60,
    features: 5,
    start: Int32Array.from({ length: 61 }, (_, row) => 5 * row),
    ids: Int32Array.from({ length: 300 }, (_, at) => at % 5),
    values: Float32Array.from(dense.flat()),
  };
  const rows = Int32Array.from({ length: 50 }, (_, i) => i);
  // So many labels that they start from what they have in common; of each, some rows are not learnt from.
  const labelled = Array.from({ length: 201 }, (_, label) =>
    Int32Array.from(dense.keys()).filter((row) => (row * 7 + label) % 11 < 2),
  );
  const settings = { C: 0.5, tolerance: 1e-7, seed: 1 };
  for (const some of [labelled.slice(0, 4), labelled]) {
    const { columns, weights, bias } = await trainLabels(x, some, rows, settings, async () => {});
    for (const [label, own] of some.entries()) {
      const signs = new Int8Array(60).fill(-1);
      for (const row of own) signs[row] = 1;
      const alone = solveSvm({ x, signs, rows, C: 0.5, tolerance: 1e-8, seed: 2, maxPasses: 10_000 });
      for (let f = 0; f < 5; f++) assert.ok(Math.abs(weights[f * columns + label] - alone.weights[f]) < 1e-3);
      assert.ok(Math.abs(bias[label] - alone.bias) < 1e-3);
    }
  }
});

test("a sigmoid finds the slope and offset that made the labels, and stays sane where they are rare or parted", () => {
  const random = createRandom(9);
  const margins = Float64Array.from({ length: 20_000 }, () => random.normal());
  const draw = (slope: number, offset: number) =>
    Uint8Array.from(margins, (m) => (random.float() < sigmoid(slope * m + offset) ? 1 : 0));
  const found = fitSigmoid(margins, draw(2, -3));
  assert.ok(Math.abs(found.slope - 2) < 0.1 && Math.abs(found.offset + 3) < 0.1, JSON.stringify(found));
  // Rare: probabilities add up to the rows with the label.
  const rare = draw(1, -7);
  const fitted = fitSigmoid(margins, rare);
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  const expected = sum(margins.map((m) => sigmoid(fitted.slope * m + fitted.offset)));
  assert.ok(Math.abs(expected - sum(rare)) < 0.5, `${expected} ${sum(rare)}`);
  const parted = fitSigmoid(
    margins,
    Uint8Array.from(margins, (m) => (m > 0 ? 1 : 0)),
  );
  assert.ok(parted.slope > 3 && parted.slope < 1000);
  for (const value of [0, 1]) {
    const same = fitSigmoid(margins, new Uint8Array(20_000).fill(value));
    assert.ok(same.slope > 0 && Number.isFinite(same.offset) && Math.abs(sigmoid(same.offset) - value) < 0.01);
  }
  // The wrong way round: a higher margin is never less likely.
  assert.ok(
    fitSigmoid(
      margins,
      Uint8Array.from(margins, (m) => (m < 0 ? 1 : 0)),
    ).slope > 0,
  );
});

test("the same seed gives the same bits; saved and loaded too; rows do not depend on each other", async () => {
  const train = sentences(150, 1);
  const [model, again] = [await fitMultilabel(train, { seed: 4 }), await fitMultilabel(train, { seed: 4 })];
  assert.deepEqual(again, model);
  const texts = [...train.texts.slice(0, 10), "", "Ünknown 字 😀 \ud800", "x".repeat(5000)];
  const together = predictMultilabel(model, texts);
  for (const [row, text] of texts.entries())
    assert.deepEqual(predictMultilabel(model, [text]), together.slice(3 * row, 3 * row + 3));
  const { tensors, config } = multilabelToTensors(model);
  const filed = decodeSafetensors(encodeSafetensors(tensors)).tensors;
  const loaded = multilabelFromTensors(filed, JSON.parse(JSON.stringify(config)));
  assert.deepEqual(predictMultilabel(loaded, texts), together);
  assert.deepEqual(multilabelToTensors(loaded), { tensors, config });
  assert.throws(() => multilabelFromTensors(new Map(), config), UserError);
  assert.throws(() => multilabelFromTensors(tensors, { ...config, labels: 4 }), /linear.weight/);
  assert.throws(() => multilabelFromTensors(tensors, { ...config, kind: "linear" }), UserError);
});

test("smallest tables: one row, one label, a label that no row has, a label named twice, empty texts only", async () => {
  const one = await fitMultilabel({ texts: ["good"], labelsOf: [[0]], labels: 1 });
  assert.ok(predictMultilabel(one, ["good"])[0] > 0.5);
  const twice = await fitMultilabel({ texts: ["good film", "bad film"], labelsOf: [[0, 0], [2]], labels: 3 });
  const [first, second, third] = predictMultilabel(twice, ["good film"]);
  assert.ok(first > third && third > second, `${first} ${third} ${second}`);
  const empty = await fitMultilabel({ texts: ["", " ", ""], labelsOf: [[0], [0, 1], []], labels: 2 });
  assert.deepEqual(predictMultilabel(empty, ["word"]), Float32Array.of(3 / 5, 2 / 5));
});

test("wrong rows are refused, an abort stops the training, progress counts up to its total", async () => {
  await assert.rejects(fitMultilabel({ texts: [], labelsOf: [], labels: 2 }), UserError);
  await assert.rejects(fitMultilabel({ texts: ["a"], labelsOf: [[2]], labels: 2 }), /label 2 of row 0/);
  await assert.rejects(fitMultilabel({ texts: ["a"], labelsOf: [], labels: 2 }), RangeError);
  const stop = new AbortController();
  const abort = ({ stage }: Progress) => {
    if (stage === "calibrating") stop.abort();
  };
  await assert.rejects(
    fitMultilabel(sentences(100, 1), {}, { onProgress: abort, signal: stop.signal }),
    CancelledError,
  );
  const seen: Progress[] = [];
  await fitMultilabel(sentences(100, 1), {}, { onProgress: (progress) => seen.push(progress) });
  const last = seen[seen.length - 1];
  assert.ok(last.done === last.total && seen.every(({ done, total }) => done <= total));
});
