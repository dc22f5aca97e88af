import assert from "node:assert/strict";
import { test } from "node:test";
import type { Targets } from "../../networks/index.js";
import { wordNetworkFamily } from "../families/word-network-family.js";
import { classForm, classHead, likeliest } from "./head.js";

test("probabilities can be what is learned: answers come near them, where classes would be 0 and 1", async () => {
  const shares = [
    [0.9, 0.1],
    [0.3, 0.7],
  ];
  const words = ["sunny", "rainy"];
  const rows = (count: number) => {
    const kinds = Array.from({ length: count }, (_, row) => row % 2);
    const targets: Targets = { width: 2, values: Float32Array.from(kinds.flatMap((kind) => shares[kind])) };
    return { texts: kinds.map((kind, row) => `a ${words[kind]} day ${row % 7}`), targets };
  };
  const [training, validation] = [rows(200), rows(160)];
  const head = classHead(2, training.targets);
  assert.equal(head.loss, "categoricalCrossentropy");
  assert.deepEqual([likeliest(training.targets, 0), likeliest(training.targets, 1)], [0, 1]);
  const family = wordNetworkFamily("cnn", classForm);
  const { model } = await family.train({ head, training, validation }, { seed: 1, threads: 1, epochs: 25 });
  const answers = await model.predict(words.map((word) => `a ${word} day 3`));
  await model.close();
  for (const [kind, [first]] of shares.entries())
    assert.ok(Math.abs(answers[2 * kind] - first) < 0.08, `${words[kind]}: ${answers[2 * kind]} for ${first}`);
});
