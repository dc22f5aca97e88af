// Decisions of a classifier: a label from its threshold up, or an answer only where the model is sure.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { bestCut, predictedClasses, wilsonInterval } from "../../metrics/index.js";
import { type Decisions, wantedText, worthOf } from "../decisions.js";
import { labelMatcher } from "../labels/match-labels.js";
import { rowsOf } from "../read-labelled.js";
import { likeliest } from "./head.js";
import { type ClassDecision, classesOf, type LabelSpace } from "./space.js";

export const classDecisions: Decisions<LabelSpace> = {
  check(space, request, label) {
    if (request.by === "accuracy") {
      if (label !== undefined)
        throw new UserError(
          `${option("positive")} names a label for ${option("cost")}, ${option("minPrecision")} or ${option("minRecall")}; ` +
            `${option("abstain")} is about the answers of all labels. Omit it.`,
        );
      return;
    }
    placeOf(space, label);
  },

  choose(space, answers, truth, request, label) {
    const size = space.labels.length;
    const rows = answers.length / size;
    const classes = Int32Array.from({ length: rows }, (_, row) => likeliest(truth, row));
    if (request.by === "accuracy") {
      const predicted = predictedClasses(answers, size);
      const threshold = bestCut(
        Array.from(predicted, (own, row) => (own === classes[row] ? 1 : 0)),
        Float64Array.from(predicted, (own, row) => answers[row * size + own]),
        worthOf(request),
      );
      return { ...space, decision: { request, threshold: known(threshold) } };
    }
    const place = placeOf(space, label, classes);
    const threshold = bestCut(
      Array.from(classes, (own) => (own === place ? 1 : 0)),
      Float64Array.from({ length: rows }, (_, row) => answers[row * size + place]),
      worthOf(request),
    );
    return { ...space, decision: { request, label: space.labels[place], threshold: known(threshold) } };
  },

  measure(labels, answers, space, parts) {
    const { decision } = space;
    if (!decision) return undefined;
    const size = space.labels.length;
    const spaces = parts?.spaces ?? [space];
    const byPart = spaces.map((own) => decidedClasses(answers, { ...own, applied: own.decision }));
    const decided = byPart[0].map((_, row) => byPart[parts ? parts.of[row] : 0][row]);
    const truth = classesOf(labels, space).values;
    const scores = decisionScores(decision, truth, decided, space.labels);
    const rows = answers.length / size;
    return { sentence: decisionText(scores, rows), scores };
  },

  apply(space, threshold) {
    if (threshold !== "chosen") return { ...space, applied: { threshold } };
    if (space.decision) return { ...space, applied: space.decision };
    throw new UserError(
      `The model has no chosen threshold. Specify one, such as ${option("threshold")} 0.9, or choose it: columnist evaluate ` +
        "<model> <table> --abstain 0.95 --keep.",
    );
  },
  forget: ({ decision, applied, ...space }) => space,
};

function known(threshold: number): number {
  return Number.isNaN(threshold) ? 1 : threshold;
}

/** Of the label that is meant: the named one, or the rarer one of two. */
function placeOf({ labels }: LabelSpace, label: string | undefined, classes?: Int32Array): number {
  if (label !== undefined) {
    const place = labels.indexOf(labelMatcher(labels)(label) ?? "");
    if (place >= 0) return place;
    const named = labels.slice(0, 8).join(", ");
    throw new UserError(
      `The model has no label '${label.slice(0, 60)}'; its labels are ${named}${labels.length > 8 ? " and more" : ""}.`,
    );
  }
  if (labels.length > 2)
    throw new UserError(
      `With ${labels.length} labels it must be said which one is meant: add ${option("positive")} <label>. (For answers only ` +
        `where the model is sure: ${option("abstain")}.)`,
    );
  const second = classes?.reduce((sum, own) => sum + (own === 1 ? 1 : 0), 0) ?? 0;
  return classes && 2 * second > classes.length ? 0 : 1;
}

/** The class of each row as decided; −1 where the row is left to a person. */
export function decidedClasses(answers: Float32Array, space: LabelSpace): Int32Array {
  const size = space.labels.length;
  const predicted = predictedClasses(answers, size);
  const { applied } = space;
  if (!applied) return predicted;
  const place = applied.label === undefined ? -1 : space.labels.indexOf(applied.label);
  if (place < 0) return predicted.map((own, row) => (answers[row * size + own] >= applied.threshold ? own : -1));
  return predicted.map((own, row) => {
    if (answers[row * size + place] >= applied.threshold) return place;
    return own === place ? likeliestOther(answers, row * size, size, place) : own;
  });
}

function likeliestOther(answers: Float32Array, from: number, size: number, place: number): number {
  let best = place === 0 ? 1 : 0;
  for (let c = 0; c < size; c++) if (c !== place && answers[from + c] > answers[from + best]) best = c;
  return best;
}

/** What a decision comes to on labelled rows. */
export function decisionScores(
  { request, label, threshold }: ClassDecision,
  truth: ArrayLike<number>,
  decided: Int32Array,
  labels: readonly string[],
) {
  const rows = decided.length;
  const shared = { ...(label !== undefined && { label }), threshold, wanted: request };
  if (label === undefined) {
    let [answered, right] = [0, 0];
    for (let row = 0; row < rows; row++) {
      if (decided[row] < 0) continue;
      answered++;
      if (decided[row] === truth[row]) right++;
    }
    return {
      ...shared,
      answered,
      left: rows - answered,
      coverage: answered / rows,
      accuracy: answered === 0 ? null : right / answered,
      accuracyInterval: wilsonInterval(right, answered),
    };
  }
  const place = labels.indexOf(label);
  let [taken, own, hits] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    if (decided[row] === place) taken++;
    if (truth[row] === place) own++;
    if (decided[row] === place && truth[row] === place) hits++;
  }
  const cost =
    request.by === "cost"
      ? { cost: request.falsePositive * (taken - hits) + request.falseNegative * (own - hits) }
      : undefined;
  return {
    ...shared,
    predicted: taken,
    precision: taken === 0 ? null : hits / taken,
    precisionInterval: wilsonInterval(hits, taken),
    recall: own === 0 ? null : hits / own,
    recallInterval: wilsonInterval(hits, own),
    falsePositives: taken - hits,
    falseNegatives: own - hits,
    ...cost,
  };
}

/** In words. */
export function decisionText(scores: ReturnType<typeof decisionScores>, rows: number): string {
  const { threshold, wanted } = scores;
  const from = `From a probability of ${Number(threshold.toPrecision(3))} (chosen for ${wantedText(wanted)})`;
  const share = (value: number | null | undefined, interval: { low: number; high: number }) =>
    value === null || value === undefined
      ? "–"
      : `${(100 * value).toFixed(1)} % (${(100 * interval.low).toFixed(1)} – ${(100 * interval.high).toFixed(1)} %)`;
  if ("answered" in scores)
    return (
      `${from}, ${scores.answered} of ${rowsOf(rows)} are answered, ` +
      `${share(scores.accuracy, scores.accuracyInterval)} of them right; ${scores.left} are left to a person.`
    );
  const errors = `${scores.falsePositives} false positives, ${scores.falseNegatives} false negatives`;
  return (
    `${from}, '${scores.label}' has a precision of ${share(scores.precision, scores.precisionInterval)} and a recall of ` +
    `${share(scores.recall, scores.recallInterval)}: ${errors}` +
    (scores.cost === undefined ? "." : `, which cost ${Number((scores.cost / rows).toPrecision(3))} a row.`)
  );
}
