import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import type { NetworkWeights } from "../network-weights.js";
import { openAnswerScorer } from "./answer-scorer.js";
import { answerTrees } from "./answer-tree.js";
import { openKeptScorer } from "./kept-scorer.js";
import { initialLanguageParameters } from "./network-parameters.js";
import type { TransformerShape } from "./shape.js";

const llama: TransformerShape = {
  family: "transformer",
  objective: "next-token",
  vocabSize: 29,
  contextLength: 24,
  layers: 2,
  width: 32,
  heads: 4,
  keyValueHeads: 2,
  feedForwardSize: 64,
  feedForward: "swiglu",
  norm: "rms",
  positions: "rotary",
  queryKeyNorm: false,
  useBias: false,
  dropout: 0,
};

function weightsOf(shape: TransformerShape): NetworkWeights {
  const random = createRandom(3);
  return new Map(
    initialLanguageParameters(shape, 1).map(({ name, shape, data }) => [
      name,
      { shape, data: data.map((value) => value + (/table$/.test(name) ? 0.5 : 0.1) * random.normal()) },
    ]),
  );
}

const ids = (...list: number[]) => Int32Array.from(list);
const beginId = 4;
const beginning = ids(beginId, 9, 1, 7);
const prompts = [
  ids(beginId, 9, 1, 7, 3),
  ids(beginId, 9, 1, 7, 12, 5, 5, 8, 20, 2, 2),
  ids(beginId, 9, 6),
  ids(beginId, 9, 1, 7),
];
/** Some begin alike, one is the beginning of another, one stands twice. */
const answers = [ids(5), ids(5, 6, 7), ids(5, 6, 8, 9), ids(11, 2), ids(5, 6, 7), ids(5, 6)];

test("answers behind prompts have the log-probabilities of whole texts, in one tree or several", async () => {
  for (const shape of [
    llama,
    { ...llama, positions: "learned", norm: "layer", useBias: true, keyValueHeads: 4 } as const,
    // Stretches of 4 tokens: of prompts, and parts of the tree.
    { ...llama, windows: [null, 4] },
  ]) {
    const weights = weightsOf(shape);
    const scorer = await openAnswerScorer(shape, weights, { beginning, answers, threads: 1 });
    const whole = await openKeptScorer(shape, weights, { threads: 1 });
    const told: number[] = [];
    const scored = await scorer.score(prompts, (count) => told.push(count));
    assert.equal(told.at(-1), prompts.length);
    for (const [i, prompt] of prompts.entries()) {
      const texts = answers.map((answer) => Int32Array.of(...prompt.subarray(1), ...answer));
      const expected = await whole.score(texts, beginId);
      for (const [j, { length }] of answers.entries()) {
        const sum = expected[j].slice(-length).reduce((total, value) => total + value, 0);
        assert.ok(Math.abs(scored[i][j] - sum) < 1e-4, `${i}, ${j}: ${scored[i][j]} is not ${sum}`);
      }
    }
    await whole.close();
    await scorer.close();
  }
});

test("a tree has each token once, and no more of them than asked", () => {
  const [tree, ...others] = answerTrees(answers, 512);
  assert.deepEqual([others, [...tree.nodes], [...tree.depths]], [[], [5, 6, 8, 11], [0, 1, 2, 0]]);
  assert.deepEqual(tree.paths, [[0], [0, 1, 2], [0, 1, 3, 4], [5, 6], [0, 1, 2], [0, 1]]);
  const sees = [...tree.nodes].map((_, row) =>
    [...tree.among.subarray(row * 4, row * 4 + 4)].map((bias) => bias === 0),
  );
  assert.deepEqual(sees, [
    [true, false, false, false],
    [true, true, false, false],
    [true, true, true, false],
    [false, false, false, true],
  ]);
  const parts = answerTrees(answers, 3);
  assert.deepEqual(
    parts.map(({ first, paths, nodes }) => [first, paths.length, nodes.length]),
    [
      [0, 3, 3],
      [3, 3, 3],
    ],
  );
});

test("answers that cannot be read are refused", async () => {
  const opened = (answer: Int32Array) =>
    openAnswerScorer(llama, weightsOf(llama), { beginning, answers: [answer], threads: 1 });
  await assert.rejects(opened(ids()), /no tokens/);
  await assert.rejects(opened(new Int32Array(600)), /600 tokens/);
});
