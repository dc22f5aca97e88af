// The head of a model of sets of labels: a probability for each label, learned by binary cross-entropy.
import { labelRanking } from "../../metrics/index.js";
import { type Head, takeTargets } from "../../networks/index.js";

/** Targets are marks of 0 and 1. The best epoch is the one that ranks the labels of a row best, whatever the thresholds. */
export function setHead(labels: number): Head {
  return {
    width: labels,
    output: "probabilities",
    activation: "sigmoid",
    loss: "binaryCrossentropy",
    figure: {
      name: "label ranking",
      higherIsBetter: true,
      isShare: true,
      of: (targets, rows, answers) => labelRanking(takeTargets(targets, rows).values, answers, labels),
    },
  };
}
