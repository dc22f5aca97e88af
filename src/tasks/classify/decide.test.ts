import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import { parseCost } from "../decisions.js";
import { classDecisions, decidedClasses } from "./decide.js";
import { classify } from "./task.js";

const random = createRandom(8);
const rows = 400;
/** Every fifth row is spam; how sure the model is says how often it is right. */
const labels = Array.from({ length: rows }, (_, row) => (row % 5 === 0 ? "spam" : "ham"));
const answers = Float32Array.from(
  labels.flatMap((label) => {
    const spam = Math.min(0.99, Math.max(0.01, (label === "spam" ? 0.62 : 0.3) + 0.2 * random.normal()));
    return [1 - spam, spam];
  }),
);
const space = { labels: ["ham", "spam"] };
const truth = classify.targets(labels, space);
type Scores = Record<string, number>;

function decided(request: Parameters<typeof classDecisions.choose>[3], label?: string) {
  classDecisions.check(space, request, label);
  const chosen = classDecisions.choose(space, answers, truth, request, label);
  const { sentence, scores } = classDecisions.measure(labels, answers, chosen)!;
  return { chosen, sentence, scores: scores as Scores, decision: chosen.decision! };
}

test("costs: missing the rarer label ten times as dear gives it more rows", () => {
  const even = decided({ by: "cost", ...parseCost("fp=1, fn=1") });
  const dear = decided({ by: "cost", ...parseCost("fn=10,fp=1") });
  assert.equal(dear.decision.label, "spam");
  assert.ok(dear.decision.threshold < even.decision.threshold);
  assert.ok(dear.scores.recall > even.scores.recall && dear.scores.precision < even.scores.precision);
  assert.equal(dear.scores.cost, dear.scores.falsePositives + 10 * dear.scores.falseNegatives);
  for (const threshold of [0.05, 0.2, 0.35, 0.5, 0.7]) {
    const other = { ...dear.chosen, decision: { ...dear.decision, threshold } };
    const { cost } = classDecisions.measure(labels, answers, other)!.scores as Scores;
    assert.ok(cost >= dear.scores.cost, `${threshold} costs less`);
  }
  assert.match(
    dear.sentence,
    /^From a probability of 0\.\d+ \(chosen for costs of fp=1, fn=10\), 'spam' has a precision of/,
  );
});

test("wanted precision and recall are reached, with as much of the other as can be", () => {
  const precise = decided({ by: "precision", wanted: 0.9 });
  assert.ok(precise.scores.precision >= 0.9);
  const complete = decided({ by: "recall", wanted: 0.95 }, "spam");
  assert.ok(complete.scores.recall >= 0.95 && complete.scores.precision < precise.scores.precision);
  const ham = decided({ by: "recall", wanted: 0.99 }, "ham");
  assert.equal(ham.decision.label, "ham");
});

test("abstaining: the answers that are given are right as often as is wanted, the others are empty", () => {
  const { chosen, scores, sentence, decision } = decided({ by: "accuracy", wanted: 0.97 });
  assert.ok(scores.accuracy >= 0.97 && scores.coverage > 0.2 && scores.coverage < 0.95);
  assert.equal(scores.answered + scores.left, rows);
  assert.match(
    sentence,
    new RegExp(`${scores.answered} of 400 rows are answered, .* ${scores.left} are left to a person`),
  );
  const applied = classDecisions.apply(chosen, "chosen");
  const classes = decidedClasses(answers, applied);
  assert.equal(classes.filter((own) => own < 0).length, scores.left);
  const [names, probabilities] = classify.values(answers, applied, false) as [string[], Float32Array];
  for (const [row, name] of names.entries()) assert.equal(name === null, probabilities[row] < decision.threshold);
  const own = classDecisions.apply(space, 0.9);
  assert.ok(decidedClasses(answers, own).every((at, row) => at < 0 || answers[2 * row + at] >= 0.9));
});

test("a label below its threshold gives way to the likeliest of the others", () => {
  const three = { labels: ["a", "b", "c"], applied: { label: "b", threshold: 0.6 } };
  const given = Float32Array.of(0.2, 0.5, 0.3, 0.1, 0.7, 0.2, 0.5, 0.1, 0.4);
  assert.deepEqual([...decidedClasses(given, three)], [2, 1, 0]);
});

test("what cannot be wanted is told", () => {
  const three = { labels: ["a", "b", "c"] };
  const precision = { by: "precision", wanted: 0.9 } as const;
  assert.throws(() => classDecisions.check(three, precision, undefined), /With 3 labels .* positive <label>/);
  assert.throws(() => classDecisions.check(three, precision, "d"), /no label 'd'; its labels are a, b, c/);
  assert.throws(() => classDecisions.check(space, { by: "accuracy", wanted: 0.9 }, "ham"), /abstain is about/);
  assert.throws(() => classDecisions.apply(space, "chosen"), /no chosen threshold/);
  assert.throws(() => parseCost("fp=1"), /such as fp=1,fn=10, not 'fp=1'/);
  assert.throws(() => parseCost("fp=0,fn=0"), /such as fp=1,fn=10/);
});
