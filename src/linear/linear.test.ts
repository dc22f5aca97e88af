import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError, UserError } from "../base/errors.js";
import type { Progress } from "../base/progress.js";
import { createRandom } from "../base/random.js";
import { decodeSafetensors, encodeSafetensors, type NamedArray } from "../formats/safetensors.js";
import { calibrate, calibratedLoss } from "./calibrate.js";
import { fitLinear } from "./fit-linear.js";
import { linearFromTensors, linearToTensors } from "./linear-tensors.js";
import { createNgramScanner } from "./ngram-scanner.js";
import { linearOptionsSchema } from "./options.js";
import { planReading } from "./plan-reading.js";
import { predictLinear } from "./predict-linear.js";

const topics = [
  ["goal", "match", "referee", "team", "league"],
  ["flour", "oven", "butter", "recipe", "dough"],
  ["court", "judge", "law", "appeal", "verdict"],
];
const filler = ["the", "was", "very", "and", "of", "it", "not", "seen", "again", "today", "there"];

/** Sentences of filler with one word of the topic in each. */
function sentences(rows: number, classes: number, seed: number, shares?: number[]) {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: rows }, () => {
    if (!shares) return random.integer(classes);
    const u = random.float();
    return Math.max(
      0,
      shares.findIndex((_, c) => u < shares.slice(0, c + 1).reduce((a, b) => a + b)),
    );
  });
  const texts = Array.from(labels, (label) => {
    const words = Array.from({ length: 8 }, () => filler[random.integer(filler.length)]);
    words[random.integer(8)] = topics[label][random.integer(5)];
    return words.join(" ");
  });
  return { texts, labels, classes };
}

function share(probabilities: Float32Array, labels: Int32Array, classes: number): number {
  let hits = 0;
  for (const [row, label] of labels.entries()) {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    if (own.indexOf(Math.max(...own)) === label) hits++;
  }
  return hits / labels.length;
}

/** Through the bytes of a weights file and back. */
function filed(tensors: ReadonlyMap<string, NamedArray>): Map<string, NamedArray> {
  return decodeSafetensors(encodeSafetensors(tensors)).tensors;
}

for (const classes of [2, 3]) {
  test(`a planted signal is learnt, ${classes} classes; shuffled labels are not`, async () => {
    const train = sentences(300, classes, 1);
    const held = sentences(200, classes, 2);
    const model = await fitLinear(train);
    assert.ok(share(predictLinear(model, held.texts), held.labels, classes) > 0.97);
    const shuffled = { ...train, labels: createRandom(3).shuffle(train.labels.slice()) };
    const noise = await fitLinear(shuffled);
    assert.ok(share(predictLinear(noise, held.texts), held.labels, classes) < 1 / classes + 0.15);
    // Calibrated: where nothing was learnt, nothing is certain.
    assert.ok(Math.max(...predictLinear(noise, held.texts)) < 0.8);
  });
}

test("probabilities sum to 1 and do not depend on the other rows", async () => {
  const train = sentences(120, 3, 1);
  const model = await fitLinear(train);
  const texts = [...train.texts.slice(0, 20), "", "Ünknown 字 😀 \ud800", "x".repeat(5000)];
  const together = predictLinear(model, texts);
  for (const [row, text] of texts.entries()) {
    const own = together.subarray(row * 3, row * 3 + 3);
    assert.ok(Math.abs(own[0] + own[1] + own[2] - 1) < 1e-5);
    assert.deepEqual(predictLinear(model, [text]), own.slice());
  }
});

test("a text without known n-grams gets the class shares", async () => {
  const train = sentences(200, 2, 5, [0.8, 0.2]);
  const model = await fitLinear(train);
  const ones = train.labels.reduce((sum, label) => sum + label, 0);
  for (const text of ["", "   ", "字"]) {
    const [, one] = predictLinear(model, [text]);
    assert.ok(Math.abs(one - (ones + 1) / 202) < 1e-6, `${text}: ${one}`);
  }
});

test("the same seed gives the same bits; saved and loaded too", async () => {
  const train = sentences(150, 3, 1);
  const [model, again] = [await fitLinear(train, { seed: 4 }), await fitLinear(train, { seed: 4 })];
  const expected = predictLinear(model, train.texts);
  assert.deepEqual(predictLinear(again, train.texts), expected);
  assert.deepEqual(again.weights, model.weights);
  const { tensors, config } = linearToTensors(model);
  const loaded = linearFromTensors(filed(tensors), JSON.parse(JSON.stringify(config)));
  assert.deepEqual(predictLinear(loaded, train.texts), expected);
  assert.deepEqual(linearToTensors(loaded), { tensors, config });
});

test("a damaged model is refused", async () => {
  const { tensors, config } = linearToTensors(await fitLinear(sentences(20, 2, 1)));
  const part = new Map(tensors);
  part.delete("prior");
  assert.throws(() => linearFromTensors(part, config), UserError);
  assert.throws(() => linearFromTensors(tensors, { ...config, features: config.features + 1 }), /ngrams.hash/);
  assert.throws(() => linearFromTensors(tensors, { ...config, version: 2 }), /at version/);
  assert.throws(() => linearFromTensors(tensors, { ...config, maxCharacters: 1e9 }), UserError);
});

test("extreme imbalance: 3 of 400 rows; the rare class is still found", async () => {
  const train = sentences(400, 2, 7, [1, 0]);
  for (const row of [10, 200, 390]) {
    train.labels[row] = 1;
    train.texts[row] = "butter dough recipe oven flour";
  }
  const model = await fitLinear(train);
  const probabilities = predictLinear(model, ["flour and butter and dough", "the match was not seen again"]);
  assert.ok(probabilities[1] > 0.5, `rare ${probabilities[1]}`);
  assert.ok(probabilities[2] > 0.9, `common ${probabilities[2]}`);
});

test("smallest tables: one row, one class, a class without rows, empty texts only", async () => {
  const one = await fitLinear({ texts: ["good"], labels: Int32Array.of(0), classes: 1 });
  assert.deepEqual([...predictLinear(one, ["good", ""])], [1, 1]);
  const missing = await fitLinear({ texts: ["good film", "bad film"], labels: Int32Array.of(0, 2), classes: 3 });
  const good = predictLinear(missing, ["good film"]);
  assert.ok(good[0] > good[1] && good[0] > good[2]);
  const empty = await fitLinear({ texts: ["", " ", ""], labels: Int32Array.of(0, 1, 1), classes: 2 });
  const { tensors, config } = linearToTensors(empty);
  for (const model of [empty, linearFromTensors(filed(tensors), config)])
    assert.deepEqual(predictLinear(model, ["word"]), Float32Array.of(2 / 5, 3 / 5));
});

test("wrong rows are refused, and an abort stops the training", async () => {
  await assert.rejects(fitLinear({ texts: [], labels: new Int32Array(0), classes: 2 }), UserError);
  await assert.rejects(fitLinear({ texts: ["a"], labels: Int32Array.of(2), classes: 2 }), /label 2 of row 0/);
  const stop = new AbortController();
  const onProgress = ({ stage }: Progress) => {
    if (stage === "calibrating") stop.abort();
  };
  await assert.rejects(fitLinear(sentences(100, 3, 1), {}, { onProgress, signal: stop.signal }), CancelledError);
});

test("progress counts up to its total", async () => {
  const seen: Progress[] = [];
  await fitLinear(sentences(100, 3, 1), {}, { onProgress: (progress) => seen.push(progress) });
  const last = seen[seen.length - 1];
  assert.equal(last.done, last.total);
  assert.ok(seen.every(({ done, total }) => done <= total));
});

test("calibration finds the slope and offsets that made the labels", () => {
  const random = createRandom(9);
  const margins = Float32Array.from({ length: 20_000 }, () => random.normal());
  const labels = Int32Array.from(margins, (m) => (random.float() < 1 / (1 + Math.exp(-(3 * m - 1))) ? 1 : 0));
  const found = calibrate(margins, labels, 2);
  assert.ok(Math.abs(found.slope - 3) < 0.15, `slope ${found.slope}`);
  assert.ok(Math.abs(found.offsets[1] - found.offsets[0] + 1) < 0.1);
  const truth = calibratedLoss(margins, labels, { slope: 3, offsets: Float32Array.of(0, -1) }, 2);
  assert.ok(calibratedLoss(margins, labels, found, 2) < truth + 1e-4);
});

test("large tables are read in part: long texts are cut, then long runs go, then rows", () => {
  const settings = (maxEntries: number) => linearOptionsSchema.parse({ maxEntries });
  const long = Array.from({ length: 10 }, () => "x".repeat(100_000));
  assert.equal(planReading(long, settings(1e8)).rows, undefined);
  const cut = planReading(long, settings(1.5e5));
  assert.ok(cut.textLimit < planReading(long, settings(1e8)).textLimit && cut.range.maxCharacters === 5 && !cut.rows);
  const many = Array.from({ length: 10_000 }, () => "x".repeat(100));
  const shorter = planReading(many, settings(3e6));
  assert.ok(shorter.range.maxCharacters < 5 && !shorter.rows);
  const sampled = planReading(many, settings(1e5));
  assert.ok(sampled.rows !== undefined && sampled.rows.length > 1000 && sampled.rows.length < 4000);
});

test("scripts without blanks: word features are a dictionary's words; an older model keeps single ideographs", async () => {
  const wordsOf = (segmented: boolean) => {
    const scanner = createNgramScanner({ wordNgrams: 1, minCharacters: 2, maxCharacters: 5, segmented });
    scanner.scan("今天天气很好");
    return [scanner.words, scanner.count - scanner.words];
  };
  const [segmented, older] = [wordsOf(true), wordsOf(false)];
  assert.deepEqual([segmented[0], older[0]], [3, 6]);
  assert.equal(segmented[1], older[1]);
  const { tensors, config } = linearToTensors(await fitLinear(sentences(20, 2, 1)));
  assert.equal(config.segmented, true);
  const { segmented: _, ...withoutIt } = config;
  assert.equal(linearFromTensors(tensors, withoutIt).vectorizer.range.segmented, false);
});
