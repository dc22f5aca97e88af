// Labels that a model was surest to give or to leave out, and wrong: where to look for wrong labels and missing examples.
import type { LabelValue } from "../read-labelled.js";
import { logOdds } from "./settle-thresholds.js";
import { marksOf, type SetSpace, speltSets } from "./space.js";

export interface SetMistake {
  text: string;
  /** The row's labels. */
  truth: string[];
  predicted: string[];
  /** What was most surely wrong: a label that the row lacks, or one that it has and did not get. */
  label: string;
  kind: "wrong" | "missing";
  /** Of that label. */
  probability: number;
}

/**
 * At most `count` rows, each with its worst label, the most confident first: how far the probability is beyond the threshold, in
 * log-odds. The probability itself would list rare labels alone, whose thresholds are low.
 *
 * @param answers row-major (rows, labels)
 */
export function worstSets(
  texts: readonly string[],
  labels: readonly LabelValue[],
  answers: Float32Array,
  space: SetSpace,
  count = 12,
): SetMistake[] {
  const { width, values: truth } = marksOf(labels, space);
  const logits = space.thresholds.map(logOdds);
  const worst = texts.map((_, row) => {
    let [place, distance] = [-1, 0];
    for (let label = 0; label < width; label++) {
      const probability = answers[row * width + label];
      const isGiven = probability >= space.thresholds[label];
      if (isGiven === (truth[row * width + label] === 1)) continue;
      const own = Math.abs(logOdds(probability) - logits[label]);
      if (place >= 0 && own <= distance) continue;
      [place, distance] = [label, own];
    }
    return { row, place, distance };
  });
  const shown = worst
    .filter(({ place }) => place >= 0)
    .sort((a, b) => b.distance - a.distance || a.row - b.row)
    .slice(0, count);
  const spelt = speltSets(
    shown.map(({ row }) => labels[row]),
    space,
  );
  return shown.map(({ row, place }, i) => ({
    text: texts[row],
    truth: spelt[i],
    predicted: answerOf(answers, row, space),
    label: space.labels[place],
    kind: truth[row * width + place] === 1 ? "missing" : "wrong",
    probability: answers[row * width + place],
  }));
}

/** The labels that a row gets, in the order of the space. */
export function answerOf(answers: Float32Array, row: number, { labels, thresholds }: SetSpace): string[] {
  return labels.filter((_, place) => answers[row * labels.length + place] >= thresholds[place]);
}
