import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionMatrix, macroF1 } from "../metrics/index.js";
import { classify } from "./classify/task.js";
import { answerTally, numberTally, scoreGroups } from "./score-groups.js";

test("each group has the figures of its rows alone, the largest first, rows without a value as a group", () => {
  const space = { labels: ["0", "1", "2"] };
  const truth = ["0", "1", "2", "2", "0", "1", "9", "0"];
  const predicted = [0, 1, 1, 2, 0, 0, 1, 0];
  const groups = ["b", "b", "b", "b", null, null, "a", "a"];
  const figuresOf = (rows: readonly number[]) => {
    const answers = rows.flatMap((row) => space.labels.map((_, label) => (label === predicted[row] ? 0.8 : 0.1)));
    return classify.groupFigures(
      rows.map((row) => truth[row]),
      Float32Array.from(answers),
      space,
    );
  };
  const scores = scoreGroups(groups, figuresOf);
  assert.deepEqual(
    scores.map(({ group, rows, figures, isSmall }) => [group, rows, figures[0].value, isSmall]),
    [
      ["b", 4, 0.75, true],
      ["a", 2, 0.5, true],
      [null, 2, 0.5, true],
    ],
  );
  const [accuracy, f1] = scores[0].figures;
  assert.ok(Math.abs(f1.value - macroF1(confusionMatrix([0, 1, 2, 2], [0, 1, 1, 2], 3), 3)) < 1e-12);
  // A label that training never saw is a class with F1 0.
  assert.ok(Math.abs(scores[1].figures[1].value - 1 / 3) < 1e-12);
  assert.ok(accuracy.interval!.low < 0.75 && accuracy.interval!.high > 0.75);
  assert.equal(scoreGroups(new Array(30).fill("x"), () => [])[0].isSmall, false);
});

test("answers are counted batch by batch; rows without one do not enter the shares", () => {
  const tally = answerTally({ names: ["x", null, "y"], of: Int32Array.of(0, 1, 0, 0, 2, 0) }, ["good", "bad"]);
  tally.add(["good", "bad", null]);
  tally.add(["bad", null, "bad"]);
  const [x, y, none] = tally.groups();
  assert.deepEqual([x.group, x.rows, x.withoutText], ["x", 4, 1]);
  assert.deepEqual(x.labels, [
    { label: "good", rows: 1, share: 1 / 3 },
    { label: "bad", rows: 2, share: 2 / 3 },
  ]);
  assert.deepEqual([y.group, y.rows, y.withoutText, y.labels![0].share], ["y", 1, 1, 0]);
  assert.deepEqual([none.group, none.labels![1].rows], [null, 1]);
});

test("rows with several labels count for each; one without a label has an answer all the same", () => {
  const tally = answerTally({ names: ["x"], of: new Int32Array(4) }, ["a", "b"]);
  tally.add([["a", "b"], [], null, ["a"]]);
  const [x] = tally.groups();
  assert.deepEqual([x.rows, x.withoutText], [4, 1]);
  assert.deepEqual(
    x.labels!.map(({ rows, share }) => [rows, share]),
    [
      [2, 2 / 3],
      [1, 1 / 3],
    ],
  );
});

test("numbers are averaged by group, batch by batch", () => {
  const tally = numberTally({ names: ["x", null, "y"], of: Int32Array.of(0, 1, 0, 0, 2, 0) });
  tally.add([1e9 + 1, 7, null]);
  tally.add(Float64Array.of(1e9 + 3, 5, 1e9 + 5));
  const [x, y, none] = tally.groups();
  assert.deepEqual([x.group, x.rows, x.withoutText], ["x", 4, 1]);
  const [mean, deviation] = x.figures!;
  assert.equal(mean.value, 1e9 + 3);
  assert.ok(Math.abs(deviation.value - Math.sqrt(8 / 3)) < 1e-12);
  assert.deepEqual([y.figures![0].value, y.figures![1].value, none.figures![0].value], [5, 0, 7]);
});
