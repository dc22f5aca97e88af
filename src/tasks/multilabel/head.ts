// The head of a model of sets of labels: a probability for each label, learned by binary cross-entropy.
import { labelRanking } from "../../metrics/index.js";
import { type AnswerForm, type Head, rowsIn, type Targets, takeTargets } from "../../networks/index.js";

/** A probability for each label, by itself. */
export const setForm = { output: "probabilities", activation: "sigmoid" } as const satisfies AnswerForm;

/**
 * Targets are marks of 0 and 1, or probabilities. The best epoch is the one that ranks the labels of a row best, whatever the thresholds.
 *
 * @param training the training rows' targets: the bias starts from the log-odds of each label there, which a network would take
 * epochs to learn where labels are many and rare
 */
export function setHead(labels: number, training: Targets): Head {
  return {
    width: labels,
    start: priorLogOdds(training),
    ...setForm,
    loss: "binaryCrossentropy",
    figure: {
      name: "label ranking",
      higherIsBetter: true,
      isShare: true,
      of: (targets, rows, answers) => labelRanking(takeTargets(targets, rows).values.map(Math.round), answers, labels),
    },
  };
}

/** As though one row more had each label, and one more had it not. */
function priorLogOdds(targets: Targets): Float32Array {
  const { width, values } = targets;
  const counts = new Float32Array(width);
  for (let at = 0; at < values.length; at++) counts[at % width] += values[at];
  const rows = rowsIn(targets);
  return counts.map((count) => Math.log((count + 1) / (rows - count + 1)));
}
