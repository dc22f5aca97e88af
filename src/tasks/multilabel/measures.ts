// Figures that models of sets of labels are compared by.
import type { LabelValue } from "../read-labelled.js";
import type { Measure } from "../task.js";
import { matchedSets } from "./score-answers.js";
import type { SetSpace } from "./space.js";

export const setMeasures: Measure[] = [
  { name: "microF1", title: "Micro F1", isShare: true },
  { name: "macroF1", title: "Macro F1", isShare: true },
  { name: "samplesF1", title: "Samples F1", isShare: true },
  { name: "exactMatch", title: "Exact match", isShare: true, isOfErrors: true },
  { name: "hammingLoss", title: "Hamming loss", isShare: true, higherIsBetter: false },
];

/** All labels of the table count, whether they occur in a sample or not. */
export function measureSets(
  name: string,
  labels: readonly LabelValue[],
  answers: Float32Array,
  space: SetSpace,
): (rows: ArrayLike<number>) => number {
  const { truth, predicted, width } = matchedSets(labels, answers, space);
  const occurs = new Uint8Array(width);
  for (let at = 0; at < truth.length; at++) occurs[at % width] |= truth[at] | predicted[at];
  const [hits, wrong] = [new Int32Array(width), new Int32Array(width)];
  return (rows) => {
    hits.fill(0);
    wrong.fill(0);
    let [samples, exact] = [0, 0];
    for (let i = 0; i < rows.length; i++) {
      let [ownHits, ownWrong] = [0, 0];
      for (let label = 0, at = rows[i] * width; label < width; label++, at++) {
        if (truth[at] + predicted[at] === 0) continue;
        if (truth[at] === predicted[at]) {
          hits[label]++;
          ownHits++;
        } else {
          wrong[label]++;
          ownWrong++;
        }
      }
      samples += ownHits === 0 ? 0 : (2 * ownHits) / (2 * ownHits + ownWrong);
      if (ownWrong === 0) exact++;
    }
    let [allHits, allWrong, macro, present] = [0, 0, 0, 0];
    for (let label = 0; label < width; label++) {
      allHits += hits[label];
      allWrong += wrong[label];
      if (occurs[label] === 0) continue;
      present++;
      if (hits[label] > 0) macro += (2 * hits[label]) / (2 * hits[label] + wrong[label]);
    }
    const figures: Record<string, number> = {
      microF1: allHits === 0 ? 0 : (2 * allHits) / (2 * allHits + allWrong),
      macroF1: present === 0 ? 0 : macro / present,
      samplesF1: samples / rows.length,
      exactMatch: exact / rows.length,
      hammingLoss: allWrong / (rows.length * width),
    };
    return figures[name];
  };
}

/** 1 for each row that does not get exactly its labels. */
export function wrongSets(labels: readonly LabelValue[], answers: Float32Array, space: SetSpace): Float64Array {
  const { truth, predicted, width } = matchedSets(labels, answers, space);
  return Float64Array.from(labels, (_, row) => {
    for (let at = row * width; at < (row + 1) * width; at++) if (truth[at] !== predicted[at]) return 1;
    return 0;
  });
}
