import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import { bootstrapRows, fitThresholds, multilabelScores } from "../../metrics/index.js";
import type { DecisionRequest } from "../decisions.js";
import type { LabelledTable, LabelValue } from "../read-labelled.js";
import { setDecisions } from "./decide.js";
import { worstSets } from "./mistakes.js";
import { pickBySets } from "./pick-winner.js";
import { setReport } from "./report.js";
import { scoreSets } from "./score-answers.js";
import { marksOf, planSets, rarestLabels, type SetSpace, spaceSchema, speltSets, unseenIn } from "./space.js";
import { multilabel } from "./task.js";

function planned(labels: LabelValue[], options: { separator?: string; manyLabels?: boolean } = {}) {
  const table: LabelledTable = {
    places: labels.map((_, row) => row),
    ...{ source: "posts.csv", labelColumn: "tags", texts: labels.map(String), labels, others: {} },
    ...{ skippedEmptyText: 0, skippedEmptyLabel: 0, unfit: { rows: 0, example: "", noun: "a label" } },
  };
  return planSets(table, [...labels.keys()], { manyLabels: false, ...options });
}

test("labels are planned from texts and from lists; rows without one are told, the separator is found or taken", () => {
  const { space, warnings } = planned(["b; a", "a", "", "c;b", "c"]);
  assert.deepEqual(space, { labels: ["a", "b", "c"], separator: ";", thresholds: [0.5, 0.5, 0.5] });
  assert.deepEqual(warnings, ["1 of 5 rows have no label: learned as rows without any."]);
  assert.deepEqual(planned(["10/9", "9", "10"], { separator: "/" }).space.labels, ["9", "10"]);
  assert.deepEqual(
    planned([["a"], ["b"], []]).warnings[0],
    "Labels 'a', 'b' have one row only: kept for training, never measured. Add more rows.",
  );
  // What stands inside a label is not written between labels.
  assert.equal(planned([["a;b", "c"], ["a;b"], ["c"]]).space.separator, "|");
  assert.match(
    planned(["a / b", "a", "b", "a / b", "a", "b"]).warnings.at(-1)!,
    /No value of 'tags' is divided by ; \| or ,:/,
  );
});

test("nothing to learn, and columns that are no labels, are refused", () => {
  assert.throws(() => planned(["", ""]), /None of the 2 rows of posts.csv has a label in 'tags'/);
  assert.throws(() => planned([["a"], ["a"]]), /All 2 rows of posts.csv have the same label, 'a'/);
  const texts = Array.from({ length: 60 }, (_, i) => `text ${i}`);
  assert.throws(() => planned(texts), /has 60 different values in 60 rows, none of them twice/);
  assert.equal(planned(texts, { manyLabels: true }).space.labels.length, 60);
  assert.equal(planned([["a"], []]).space.labels.length, 1);
});

const space: SetSpace = { labels: ["1", "2", "x"], separator: ";", thresholds: [0.5, 0.5, 0.5] };

test("labels of another table are found by value, and by another separator where that makes them known", () => {
  assert.deepEqual(speltSets(["1.0;x", "2,1", "x|9", ["2", "2.0"], "9;8"], space), [
    ["1", "x"],
    ["2", "1"],
    ["x|9"],
    ["2"],
    ["9", "8"],
  ]);
  assert.deepEqual([...marksOf(["1;9", "", ["x"]], space).values], [1, 0, 0, 0, 0, 0, 0, 0, 1]);
  assert.deepEqual(unseenIn(["1;9", "9;8"], space), [
    { label: "9", rows: 2 },
    { label: "8", rows: 1 },
  ]);
});

test("rows are shared out by their rarest label", () => {
  assert.deepEqual([...rarestLabels(marksOf(["1", "1;2", "", "1;x", "2;x", "1"], space))], [0, 1, -1, 2, 1, 0]);
});

test("a folder's thresholds are one a label", () => {
  assert.ok(spaceSchema.safeParse(space).success);
  assert.ok(!spaceSchema.safeParse({ ...space, thresholds: [0.5] }).success);
  assert.ok(!spaceSchema.safeParse({ ...space, thresholds: [0.5, 0.5, 2] }).success);
});

test("thresholds are fitted on the validation answers for F1; those of rare labels are drawn to the common one", () => {
  const random = createRandom(3);
  const [rows, width] = [400, 3];
  // Label 0: half of the rows, best cut at 0.3. Label 1: two rows, with answers like all others'. Label 2: none.
  const truth = new Uint8Array(rows * width);
  const answers = Float32Array.from({ length: rows * width }, (_, at) => {
    const [row, label] = [Math.floor(at / width), at % width];
    const isOwn = label === 0 ? row % 2 === 0 : label === 1 && row < 2;
    truth[at] = isOwn ? 1 : 0;
    return label === 0 ? (isOwn ? 0.3 : 0) + 0.29 * random.float() : 0.02 + 0.01 * random.float();
  });
  const settled = multilabel.settle({ ...space }, answers, { width, values: truth }) as SetSpace;
  const [frequent, rare, none] = settled.thresholds;
  assert.ok(Math.abs(frequent - 0.3) < 0.01);
  const [alone] = fitThresholds(
    truth.filter((_, at) => at % width === 1),
    answers.filter((_, at) => at % width === 1),
    1,
  );
  assert.ok(alone < 0.03 && rare > 0.05 && rare < frequent);
  assert.ok(Math.abs(none - frequent) < 0.01);
  assert.deepEqual(settled.labels, space.labels);
});

test("what is wanted of a named label is reached on the rows that choose it, however few have it", () => {
  // Label 0 stands in half of the rows and is sure from 0.9; label 1 in four of 200, whose answers are the highest but lower.
  const [rows, width] = [200, 3];
  const truth = new Uint8Array(rows * width);
  const answers = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    truth[row * width] = row % 2;
    answers[row * width] = row % 2 ? 0.9 : 0.8;
    truth[row * width + 1] = row < 4 ? 1 : 0;
    answers[row * width + 1] = row < 4 ? 0.2 + row / 100 : row / 2000;
  }
  const targets = { width, values: truth };
  const labels = Array.from({ length: rows }, (_, row) => space.labels.filter((_, at) => truth[row * width + at]));
  const decided = (request: DecisionRequest) => {
    const chosen = setDecisions.choose(space, answers, targets, request, "2");
    assert.deepEqual([chosen.thresholds[0], chosen.thresholds[2], chosen.decision?.label], [0.5, 0.5, "2"]);
    return setDecisions.measure(labels, answers, chosen)?.scores as { precision: number; recall: number };
  };
  for (const request of [
    { by: "precision", wanted: 0.95 },
    { by: "recall", wanted: 1 },
    { by: "cost", falsePositive: 1, falseNegative: 1 },
  ] as const) {
    const { precision, recall } = decided(request);
    assert.deepEqual([precision, recall], [1, 1], request.by);
  }
  // Of a label that no row has there is nothing to choose by but the others.
  const [all, absent] = [undefined, "x"].map((label) =>
    setDecisions.choose(space, answers, targets, { by: "recall", wanted: 1 }, label),
  );
  assert.equal(absent.thresholds[2], all.thresholds[2]);
});

test("networks start from the share of the rows that have each label", async () => {
  const texts = Array.from({ length: 80 }, (_, row) => `text ${row % 7} of ${row % 11}`);
  const targets = marksOf(
    texts.map((_, row) => (row % 20 === 0 ? "1;x" : "x")),
    space,
  );
  const rows = { texts, targets };
  const family = await multilabel.families.cnn.load();
  const { model, validation } = await family.train(
    { head: multilabel.head(space, targets), training: rows, validation: rows },
    { seed: 1, threads: 1, epochs: 1 },
  );
  await model.close();
  const mean = (label: number) =>
    validation.filter((_, at) => at % 3 === label).reduce((sum, one) => sum + one, 0) / 80;
  // After two steps, which move a bias by 0.002.
  assert.ok(mean(0) > 0.02 && mean(0) < 0.15, `rare: ${mean(0)}`);
  assert.ok(mean(1) < 0.05 && mean(2) > 0.9, `never: ${mean(1)}, always: ${mean(2)}`);
});

test("scores leave labels out that neither occur nor are predicted; unseen ones are one more label, always missed", () => {
  const answers = Float32Array.of(0.9, 0.1, 0.1, 0.8, 0.7, 0.2, 0.1, 0.2, 0.3);
  const known = scoreSets(["1", "1;2", ""], answers, space);
  assert.deepEqual([known.exact, known.micro.f1, known.macro.f1, known.hammingLoss], [3, 1, 1, 0]);
  assert.deepEqual(known.labels[2], { label: "x", rows: 0, precision: 0, recall: 0, f1: 0 });
  assert.ok(Math.abs(known.samples.f1 - 2 / 3) < 1e-12);
  const other = scoreSets(["1", "1;9", "8"], answers, space);
  const wide = multilabelScores([1, 0, 0, 1, 0, 1, 0, 0, 1], [1, 0, 0, 1, 1, 0, 0, 0, 0], 3);
  assert.deepEqual([other.micro, other.macro, other.exact], [wide.micro, wide.macro, 1]);
  // Of 4 labels with the unseen one.
  assert.equal(other.hammingLoss, 3 / 12);
  assert.equal(other.labels[3].label, "(label never seen in training)");
  assert.equal(other.labels[3].rows, 2);
  assert.ok(other.microF1Interval.low <= other.micro.f1 && other.micro.f1 <= other.microF1Interval.high);
  assert.doesNotThrow(() => multilabel.scoresSchema.parse(other));
  // No label anywhere: figures of a group have no value, and say so.
  const none = new Float32Array(3);
  assert.ok(Number.isNaN(multilabel.groupFigures([""], none, space)[0].value));
  assert.equal(scoreSets([""], none, space).exactMatch, 1);
});

test("the figures of a group are those of its rows alone", () => {
  const random = createRandom(4);
  const labels = Array.from({ length: 50 }, () => space.labels.filter(() => random.float() < 0.4));
  const answers = Float32Array.from({ length: 150 }, () => random.float());
  const [micro, macro] = multilabel.groupFigures(labels, answers, space);
  const { micro: whole, macro: wholeMacro } = scoreSets(labels, answers, space);
  assert.deepEqual([micro.value, macro.value], [whole.f1, wholeMacro.f1]);
  assert.ok(micro.interval!.low < micro.value && micro.value < micro.interval!.high);
});

/** Answers that are right for a share of the cells. */
function noisy(truth: Uint8Array, right: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  return truth.map((mark) => (random.float() < right ? mark : 1 - mark));
}

test("a dearer model wins when its micro F1 is better by more than the standard error of the difference", () => {
  const random = createRandom(2);
  const truth = Uint8Array.from({ length: 900 }, () => (random.float() < 0.3 ? 1 : 0));
  assert.equal(pickBySets([noisy(truth, 0.8, 1), noisy(truth, 0.9, 2)], truth, 3), 1);
  assert.equal(pickBySets([noisy(truth, 0.9, 1), noisy(truth, 0.8, 2), noisy(truth, 0.9, 1)], truth, 3), 0);
  assert.equal(pickBySets([new Uint8Array(900), new Uint8Array(900)], truth, 3), 0);

  // The error is that of a bootstrap over the rows: flipping ever more cells, the choice changes where it says so.
  const f1 = (predicted: Uint8Array, sample: Int32Array) => {
    let [hits, size] = [0, 0];
    for (const row of sample)
      for (let at = 3 * row; at < 3 * row + 3; at++) {
        hits += truth[at] * predicted[at];
        size += truth[at] + predicted[at];
      }
    return (2 * hits) / size;
  };
  const all = Int32Array.from({ length: 300 }, (_, row) => row);
  const cheap = noisy(truth, 0.85, 7);
  let changed = 0;
  for (let right = 0.8; right < 0.9; right += 0.01) {
    const dear = noisy(truth, right, 9);
    const gain = f1(dear, all) - f1(cheap, all);
    // The middle 68.3 % are two standard errors wide.
    const { difference } = bootstrapRows(300, { level: 0.683, resamples: 400 }, (sample) => ({
      difference: f1(dear, sample) - f1(cheap, sample),
    }));
    const error = (difference.high - difference.low) / 2;
    if (Math.abs(gain - error) < 0.15 * error) continue;
    assert.equal(pickBySets([cheap, dear], truth, 3), gain > error ? 1 : 0);
    if (gain > error) changed++;
  }
  assert.ok(changed > 0 && changed < 9);
});

test("the worst mistakes are those furthest beyond their threshold, whether given or missing", () => {
  const own = { ...space, thresholds: [0.5, 0.01, 0.5] };
  const answers = Float32Array.of(0.9, 0, 0, 0.1, 0.009, 0, 0.99, 0.5, 0, 0.4, 0.02, 0.999);
  const mistakes = worstSets(["a", "b", "c", "d"], ["1", "2", "x", "2;x"], answers, own);
  assert.deepEqual(
    mistakes.map(({ text, label, kind }) => [text, label, kind]),
    [
      ["c", "x", "missing"],
      ["b", "2", "missing"],
    ],
  );
  assert.deepEqual([mistakes[0].truth, mistakes[0].predicted, mistakes[0].probability], [["x"], ["1", "2"], 0]);
  assert.equal(worstSets(["a", "b", "c", "d"], ["1", "2", "x", "2;x"], answers, own, 1).length, 1);
});

test("the baseline gives the most frequent labels of training", () => {
  const [{ name, figures }] = multilabel.baselines(["1", "1;2", "1;2", "x"], ["1", "2", "1;2"], space);
  assert.equal(name, "always 1, 2");
  assert.ok(Math.abs(figures[0].value - 0.8) < 1e-12);
  assert.ok(Math.abs(figures[1].value - 0.8) < 1e-12);
});

test("the report escapes labels and texts", () => {
  const odd = { ...space, labels: ["<i>1</i>", "2", "x"] };
  const answers = Float32Array.of(0.9, 0.3, 0.1, 0.2, 0.2, 0.1);
  const heldOut = { texts: ["<script>", "b"], labels: [["2"], []] };
  const scores = scoreSets(heldOut.labels, answers, odd);
  const baselines = multilabel.baselines([["2"]], heldOut.labels, odd);
  const { summary, sections, data } = setReport({
    ...{ family: "linear", space: odd, scores, labelColumn: "tags", heldOut, answers, baselines },
    labels: [...heldOut.labels, ["<i>1</i>"]],
  });
  const page = [summary, sections, ...data.map(([, value]) => value)].join("\n");
  assert.ok(!page.includes("<script>") && !page.includes("<i>1</i>") && !/NaN|undefined/.test(page));
  assert.match(page, /labelled <b>2<\/b>, predicted <span class="wrong">&lt;i&gt;1&lt;\/i&gt;<\/span>/);
});
