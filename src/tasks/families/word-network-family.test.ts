import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError } from "../../base/errors.js";
import { createRandom } from "../../base/random.js";
import { joinTargets, type Targets } from "../../networks/index.js";
import { classForm, classHead } from "../classify/head.js";
import type { TrainingRows } from "./family.js";
import { wordNetworkFamily } from "./word-network-family.js";

const random = createRandom(3);
const classes = (values: Int32Array): Targets => ({ width: 1, values });
const words = [["good", "fine", "great"], ["bad", "poor", "awful"], Array.from({ length: 40 }, (_, i) => `word${i}`)];
const pick = (kind: number) => words[kind][random.integer(words[kind].length)];
function labelled(rows: number) {
  const labels = Int32Array.from({ length: rows }, () => random.integer(2));
  return {
    texts: Array.from(labels, (label) => `${pick(2)} ${pick(label)} ${pick(2)} ${pick(2)}`),
    targets: classes(labels),
  };
}
const known = labelled(300);
const rows: TrainingRows = { head: classHead(2, known.targets), training: known, validation: labelled(200) };

test("a network that is stopped after its first epoch keeps the best one, whole", async () => {
  const stop = new AbortController();
  const family = wordNetworkFamily("cnn", classForm);
  const training = await family.train(
    rows,
    { seed: 1, threads: 2, epochs: 5000 },
    {
      signal: stop.signal,
      onProgress({ note }) {
        if (note?.includes("validation")) stop.abort();
      },
    },
  );
  assert.equal(training.stopped, "cancelled");
  assert.ok(training.epochs.length >= 1 && training.epochs.length < 5000);
  const best = Math.max(...training.epochs.map(({ validationFigure }) => validationFigure));
  assert.equal(training.epochs[training.keptEpoch!].validationFigure, best);
  assert.equal(training.kept, "best");
  let right = 0;
  for (const [row, label] of rows.validation.targets.values.entries())
    if (training.validation[2 * row + label] > 0.5) right++;
  assert.ok(Math.abs(right / 200 - best) < 1e-9, "the classifier is the best epoch's");
  await training.model.close();
});

test("few validation rows do not choose the epoch: all are run, and the last is kept", async () => {
  const few = { ...rows, validation: labelled(40) };
  const notes: string[] = [];
  const watch = { onProgress: ({ stage = "", note = "" }) => void (stage.endsWith("all rows") || notes.push(note)) };
  const training = await wordNetworkFamily("cnn", classForm).train(few, { seed: 1, threads: 2, epochs: 12 }, watch);
  const accuracies = training.epochs.map(({ validationFigure }) => validationFigure);
  assert.equal(accuracies.length, 12);
  assert.ok(accuracies.indexOf(Math.max(...accuracies)) < 11, "an epoch before the last is as good");
  assert.deepEqual([training.keptEpoch, training.kept], [11, "last"]);
  assert.ok(notes.at(-1)!.endsWith(`validation accuracy ${(100 * accuracies[11]).toFixed(1)} %`), notes.at(-1));
  await training.model.close();
});

test("a network that is stopped before its first epoch is over leaves nothing", async () => {
  const stop = new AbortController();
  const watch = { signal: stop.signal, onProgress: () => stop.abort() };
  await assert.rejects(
    wordNetworkFamily("cnn", classForm).train(rows, { seed: 1, threads: 1, epochs: 50 }, watch),
    CancelledError,
  );
});

test("in the end a network learns from the validation rows too, and answers them unseen before", async () => {
  const neutral = (rows: number, label: (i: number) => number, word: string) => ({
    texts: Array.from({ length: rows }, () => `${pick(2)} ${word} ${pick(2)}`),
    targets: classes(Int32Array.from({ length: rows }, (_, i) => label(i))),
  });
  const even = neutral(40, (i) => i % 2, "zulu");
  const training = {
    texts: [...known.texts, ...even.texts],
    targets: joinTargets(known.targets, even.targets),
  };
  const validation = neutral(160, () => 1, "zulu");
  const options = { seed: 1, threads: 2, epochs: 12 };
  const trained = await wordNetworkFamily("cnn", classForm).train({ head: rows.head, training, validation }, options);
  const mean = (probabilities: Float32Array) =>
    probabilities.reduce((sum, value, i) => sum + (i % 2 === 1 ? value : 0), 0) / validation.texts.length;
  const [unseen, seen] = [mean(trained.validation), mean(await trained.model.predict(validation.texts))];
  assert.ok(
    unseen < 0.6 && seen > unseen + 0.1,
    `mean probability of what stands there: ${unseen} unseen, ${seen} seen`,
  );
  await trained.model.close();
});
