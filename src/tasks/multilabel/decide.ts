// Decisions of a model of sets of labels: how probable each label must be for what is wanted of it.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { bestCut, wilsonInterval } from "../../metrics/index.js";
import { type DecisionRequest, type Decisions, wantedText, worthOf } from "../decisions.js";
import { labelMatcher } from "../labels/match-labels.js";
import { matchedSets } from "./score-answers.js";
import { settleThresholds } from "./settle-thresholds.js";
import type { SetSpace } from "./space.js";

export const setDecisions: Decisions<SetSpace> = {
  check(space, request, label) {
    if (request.by === "accuracy")
      throw new UserError(
        `${option("abstain")} is for one label a row. Where a row has several, use ${option("minPrecision")}, ` +
          `${option("minRecall")} or ${option("cost")}: a label that is not sure enough is left out.`,
      );
    if (label !== undefined) placeOf(space, label);
  },

  /** Of one label where it is named: then as it is wanted of this one, however few rows have it. Otherwise of all. */
  choose(space, answers, { values }, request, label) {
    const size = space.labels.length;
    const settled = () =>
      settleThresholds(values, answers, size, (truth, probabilities, labels) =>
        Float64Array.from({ length: labels }, (_, at) => fitted(truth, probabilities, labels, at, request)),
      );
    if (label === undefined) return { ...space, thresholds: settled(), decision: { request } };
    const place = placeOf(space, label);
    const isThere = values.some((mark, at) => mark === 1 && at % size === place);
    const thresholds = [...space.thresholds];
    thresholds[place] = isThere ? fitted(values, answers, size, place, request) : settled()[place];
    return { ...space, thresholds, decision: { request, label: space.labels[place] } };
  },

  measure(labels, answers, space, parts) {
    const { decision } = space;
    if (!decision) return undefined;
    const spaces = parts?.spaces ?? [space];
    const matched = spaces.map((own) => matchedSets(labels, answers, own));
    const { truth, width } = matched[0];
    const place = decision.label === undefined ? -1 : space.labels.indexOf(decision.label);
    let [given, own, hits] = [0, 0, 0];
    for (let at = 0; at < truth.length; at++) {
      if (place >= 0 && at % width !== place) continue;
      const { predicted } = matched[parts ? parts.of[Math.floor(at / width)] : 0];
      given += predicted[at];
      own += truth[at];
      hits += truth[at] * predicted[at];
    }
    const { request, label } = decision;
    const [precisionInterval, recallInterval] = [wilsonInterval(hits, given), wilsonInterval(hits, own)];
    const scores = {
      wanted: request,
      ...(label !== undefined && { label }),
      thresholds: space.thresholds,
      precision: given === 0 ? null : hits / given,
      precisionInterval,
      recall: own === 0 ? null : hits / own,
      recallInterval,
      falsePositives: given - hits,
      falseNegatives: own - hits,
    };
    const share = (value: number | null) => (value === null ? "–" : `${(100 * value).toFixed(1)} %`);
    const sentence =
      `With thresholds for ${wantedText(request)}, ${label === undefined ? "labels" : `'${label}'`} ${label === undefined ? "have" : "has"} ` +
      `a precision of ${share(scores.precision)} and a recall of ${share(scores.recall)}: ${given - hits} false positives, ` +
      `${own - hits} false negatives.`;
    return { sentence, scores };
  },

  apply: (space, threshold) =>
    threshold === "chosen" ? space : { ...space, thresholds: space.labels.map(() => threshold) },
  forget: ({ decision, ...space }) => space,
};

/** The threshold of one of so many labels. */
function fitted(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  labels: number,
  label: number,
  request: DecisionRequest,
): number {
  const column = (values: ArrayLike<number>) =>
    Float64Array.from({ length: truth.length / labels }, (_, row) => values[row * labels + label]);
  const threshold = bestCut(column(truth), column(probabilities), worthOf(request));
  return Number.isNaN(threshold) ? 1 : threshold;
}

function placeOf({ labels }: SetSpace, label: string): number {
  const place = labels.indexOf(labelMatcher(labels)(label) ?? "");
  if (place >= 0) return place;
  const named = labels.slice(0, 8).join(", ");
  throw new UserError(
    `The model has no label '${label.slice(0, 60)}'; its labels are ${named}${labels.length > 8 ? " and more" : ""}.`,
  );
}
