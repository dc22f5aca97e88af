import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionMatrix, macroF1 } from "../../metrics/index.js";
import { answerTally, scoreGroups } from "./score-groups.js";

test("each group has the figures of its rows alone, the largest first, rows without a value as a group", () => {
  const truth = [0, 1, 2, 2, 0, 1, 9, 0];
  const predicted = [0, 1, 1, 2, 0, 0, 1, 0];
  const groups = ["b", "b", "b", "b", null, null, "a", "a"];
  const scores = scoreGroups(groups, truth, predicted);
  assert.deepEqual(
    scores.map(({ group, rows, correct, isSmall }) => [group, rows, correct, isSmall]),
    [
      ["b", 4, 3, true],
      ["a", 2, 1, true],
      [null, 2, 1, true],
    ],
  );
  assert.ok(Math.abs(scores[0].macroF1 - macroF1(confusionMatrix([0, 1, 2, 2], [0, 1, 1, 2], 3), 3)) < 1e-12);
  // A label that training never saw is a class with F1 0.
  assert.ok(Math.abs(scores[1].macroF1 - 1 / 3) < 1e-12);
  assert.ok(scores[0].accuracyInterval.low < 0.75 && scores[0].accuracyInterval.high > 0.75);
  assert.equal(scoreGroups(new Array(30).fill("x"), new Int32Array(30), new Int32Array(30))[0].isSmall, false);
});

test("answers are counted batch by batch; rows without one do not enter the shares", () => {
  const tally = answerTally({ names: ["x", null, "y"], of: [0, 1, 0, 0, 2, 0] }, ["good", "bad"]);
  tally.add(["good", "bad", null]);
  tally.add(["bad", null, "bad"]);
  const [x, y, none] = tally.shares();
  assert.deepEqual([x.group, x.rows, x.withoutText], ["x", 4, 1]);
  assert.deepEqual(x.labels, [
    { label: "good", rows: 1, share: 1 / 3 },
    { label: "bad", rows: 2, share: 2 / 3 },
  ]);
  assert.deepEqual([y.group, y.rows, y.withoutText, y.labels[0].share], ["y", 1, 1, 0]);
  assert.deepEqual([none.group, none.labels[1].rows], [null, 1]);
});
