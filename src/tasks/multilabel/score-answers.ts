// Scores of one model's answers for some rows. Knows probabilities and labels, no model and no files.
import {
  labelRanking,
  type MultilabelIntervals,
  type MultilabelScores,
  multilabelIntervals,
  multilabelScores,
  predictedLabels,
} from "../../metrics/index.js";
import { resamplesFor } from "../intervals.js";
import type { LabelValue } from "../read-labelled.js";
import type { SetScores } from "./scores.js";
import { marksOf, type SetSpace, speltSets, unseenIn } from "./space.js";

/** @param answers row-major (rows, labels) @param seed of the intervals @param clusters groups of rows that come together */
export function scoreSets(
  labels: readonly LabelValue[],
  answers: Float32Array,
  space: SetSpace,
  seed = 0,
  clusters?: Int32Array,
): SetScores {
  const rows = labels.length;
  const { truth, predicted, width, unseen } = matchedSets(labels, answers, space);
  const { scores, intervals, places } = measured(truth, predicted, width, seed, clusters);
  const nothing = { rows: 0, precision: 0, recall: 0, f1: 0 };
  const byLabel = new Map(
    places.map((place, i) => [
      place,
      { rows: scores.support[i], precision: scores.precision[i], recall: scores.recall[i], f1: scores.f1[i] },
    ]),
  );
  const names = unseen.length > 0 ? [...space.labels, "(label never seen in training)"] : space.labels;
  return {
    rows,
    exact: Math.round(scores.exactMatch * rows),
    micro: scores.micro,
    microF1Interval: intervals.microF1,
    macro: scores.macro,
    macroF1Interval: intervals.macroF1,
    samples: scores.samples,
    samplesF1Interval: intervals.samplesF1,
    exactMatch: scores.exactMatch,
    exactMatchInterval: intervals.exactMatch,
    hammingLoss: (scores.hammingLoss * places.length) / width,
    labelRanking: labelRanking(truth, widened(answers, space.labels.length, width), width),
    labels: names.map((label, place) => ({ label, ...(byLabel.get(place) ?? nothing) })),
    unseenLabels: unseen,
  };
}

/** Of a group of rows, at the cost of its rows alone: undefined where no row has a label and none gets one. */
export function groupScores(
  labels: readonly LabelValue[],
  answers: Float32Array,
  space: SetSpace,
): { scores: MultilabelScores; intervals: MultilabelIntervals } | undefined {
  const { truth, predicted, width } = matchedSets(labels, answers, space);
  return truth.includes(1) || predicted.includes(1) ? measured(truth, predicted, width, 0) : undefined;
}

/** Marks of the truth and of the answers, (rows, width); labels that training never saw are one more label, never answered. */
export function matchedSets(labels: readonly LabelValue[], answers: Float32Array, space: SetSpace) {
  const size = space.labels.length;
  const known = marksOf(labels, space).values as Uint8Array;
  const predicted = predictedLabels(answers, space.thresholds);
  const unseen = unseenIn(labels, space);
  if (unseen.length === 0) return { truth: known, predicted, width: size, unseen };
  const width = size + 1;
  const truth = widened(known, size, width);
  const isKnown = new Set(space.labels);
  for (const [row, own] of speltSets(labels, space).entries())
    truth[row * width + size] = own.every((label) => isKnown.has(label)) ? 0 : 1;
  return { truth, predicted: widened(predicted, size, width), width, unseen };
}

/** With more columns, which hold less than any other. */
function widened<Numbers extends Uint8Array | Float32Array>(values: Numbers, from: number, to: number): Numbers {
  if (from === to) return values;
  const rows = values.length / from;
  const wide = new (values.constructor as new (length: number) => Numbers)(rows * to).fill(
    values instanceof Float32Array ? -1 : 0,
  );
  for (let row = 0; row < rows; row++) wide.set(values.subarray(row * from, (row + 1) * from), row * to);
  return wide as Numbers;
}

/** Scores of the labels that occur or are predicted, at least one; `places` are their columns. */
function measured(truth: Uint8Array, predicted: Uint8Array, width: number, seed: number, clusters?: Int32Array) {
  const isTouched = new Uint8Array(width);
  let entries = 0;
  for (let at = 0; at < truth.length; at++) {
    if (truth[at] + predicted[at] === 0) continue;
    isTouched[at % width] = 1;
    entries++;
  }
  const touched = [...isTouched.keys()].filter((place) => isTouched[place] === 1);
  const places = touched.length > 0 ? touched : [0];
  const taken = (values: Uint8Array) => {
    const own = new Uint8Array((values.length / width) * places.length);
    for (let i = 0; i < own.length; i++)
      own[i] = values[Math.floor(i / places.length) * width + places[i % places.length]];
    return own;
  };
  const [wanted, given] = [taken(truth), taken(predicted)];
  const resamples = resamplesFor(entries + wanted.length / places.length + places.length);
  return {
    places,
    scores: multilabelScores(wanted, given, places.length),
    intervals: multilabelIntervals(wanted, given, places.length, { seed, resamples, clusters }),
  };
}
