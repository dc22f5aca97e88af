// What every family of text classifiers promises: one table over all of them. The types ask for a case for each.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError } from "../../src/base/errors.js";
import { createRandom } from "../../src/base/random.js";
import { initialLanguageParameters } from "../../src/networks/language/network-parameters.js";
import type { TransformerShape } from "../../src/networks/language/shape.js";
import {
  type ClassifierFamilyName,
  classifierFamilies,
  classifierFamilyNames,
  type TrainingOptions,
  type TrainingRows,
} from "../../src/tasks/classify/index.js";
import type { PretrainedNetwork } from "../../src/tasks/language/index.js";
import { createCharacters } from "../../src/text/tokenizers/index.js";

const random = createRandom(11);
const kinds = [
  ["good", "fine"],
  ["bad", "poor"],
  ["long", "slow"],
];
function labelled(rows: number) {
  const labels = Int32Array.from({ length: rows }, (_, row) => row % kinds.length);
  const word = (label: number) => kinds[label][random.integer(2)];
  const texts = Array.from(labels, (label) => `the film was ${word(label)} and ${word(label)} ${random.integer(50)}`);
  return { texts, labels };
}
const rows: TrainingRows = { classes: 3, training: labelled(150), validation: labelled(45) };

const shape: TransformerShape = {
  family: "transformer",
  objective: "next-token",
  vocabSize: 40,
  contextLength: 48,
  layers: 1,
  width: 16,
  heads: 2,
  keyValueHeads: 2,
  feedForwardSize: 32,
  feedForward: "squaredRelu",
  norm: "rms",
  positions: "rotary",
  queryKeyNorm: true,
  useBias: false,
  dropout: 0,
};
const base: PretrainedNetwork = {
  shape,
  weights: new Map(
    initialLanguageParameters(shape, 1).map(({ name, shape: size, data }) => [name, { shape: size, data }]),
  ),
  tokenizer: createCharacters({
    tokens: ["<|endoftext|>", "<unk>", ..."abcdefghijklmnopqrstuvwxyz 0123456789"],
    specials: new Map([
      ["<|endoftext|>", 0],
      ["<unk>", 1],
    ]),
    unknownId: 1,
  }),
};

/** What each needs beside the rows, and the accuracy that it reaches on words that tell the class at once. */
const cases: Record<ClassifierFamilyName, { options?: Partial<TrainingOptions>; atLeast: number }> = {
  linear: { atLeast: 0.95 },
  cnn: { atLeast: 0.95 },
  lstm: { atLeast: 0.95 },
  transformer: { atLeast: 0.8 },
  pretrained: { options: { base, epochs: 12 }, atLeast: 0.5 },
};

for (const name of classifierFamilyNames) {
  const { options, atLeast } = cases[name];
  const train = async (threads: number, signal?: AbortSignal) => {
    const family = await classifierFamilies[name].load();
    return family.train(rows, { seed: 5, epochs: 8, ...options, threads }, { signal });
  };

  test(`${name}: learns, answers with probabilities, and comes back from its files`, async () => {
    const { classifier, validation, stopped } = await train(2);
    assert.equal(classifier.family, name);
    assert.equal(classifier.classes, 3);
    assert.notEqual(stopped, "cancelled");
    let right = 0;
    for (const [row, label] of rows.validation.labels.entries()) {
      const own = validation.subarray(3 * row, 3 * row + 3);
      assert.ok(Math.abs(own.reduce((sum, value) => sum + value, 0) - 1) < 1e-5);
      if (own.indexOf(Math.max(...own)) === label) right++;
    }
    assert.ok(right / 45 >= atLeast, `${right} of 45 right`);

    const texts = [...rows.validation.texts.slice(0, 9), "", "unheard-of ☃ \u0000", "good ".repeat(3000)];
    const answers = await classifier.predict(texts);
    assert.ok(answers.every((value) => value >= 0 && value <= 1));
    for (const row of [0, 9, 10, 11]) {
      const alone = await classifier.predict([texts[row]]);
      for (let c = 0; c < 3; c++)
        assert.ok(Math.abs(alone[c] - answers[3 * row + c]) < 1e-5, "a row's answer does not depend on the others");
    }
    const files = await classifier.files();
    const numbers = [...files.tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    assert.ok(classifier.parameters > 0 && classifier.parameters <= numbers);
    const config = JSON.parse(JSON.stringify(files.config));
    const again = await (await classifierFamilies[name].load()).load({ ...files, config }, { threads: 1 });
    assert.deepEqual(await again.predict(texts), answers);
    await Promise.all([classifier.close(), again.close()]);
  });

  test(`${name}: the same seed gives the same bits on one thread and on two`, async () => {
    const weights = [];
    for (const threads of [1, 2]) {
      const { classifier } = await train(threads);
      weights.push(new Map([...(await classifier.files()).tensors].map(([key, { data }]) => [key, data.slice()])));
      await classifier.close();
    }
    assert.deepEqual(weights[0], weights[1]);
  });

  test(`${name}: a signal before training leaves nothing; wrong files are refused`, async () => {
    await assert.rejects(train(1, AbortSignal.abort()), CancelledError);
    const family = await classifierFamilies[name].load();
    const wrong = { config: { family: "other" }, tensors: new Map(), tokenizer: "{}", onnx: new Uint8Array(3) };
    await assert.rejects(family.load(wrong, { threads: 1 }), { name: "UserError" });
  });
}
