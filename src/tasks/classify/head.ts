// The head of a classifier: probabilities of classes, learned by their cross-entropy.
import type { AnswerForm, Head, HeadFigure, Targets } from "../../networks/index.js";

/** A probability for each class: they sum to 1. */
export const classForm = { output: "probabilities", activation: "softmax" } as const satisfies AnswerForm;

/**
 * Targets are classes (width 1), or their probabilities (width `classes`), whose loss is −Σ p log q.
 *
 * @param training the training rows' targets, which the weights of the classes come from
 */
export function classHead(classes: number, training: Targets): Head {
  const isSoft = training.width > 1;
  const weights = isSoft ? undefined : classWeights(training.values, classes);
  return {
    width: classes,
    ...classForm,
    loss: isSoft ? "categoricalCrossentropy" : "sparseCategoricalCrossentropy",
    ...(weights && { weightOf: ({ values }: Targets, row: number) => weights[values[row]] }),
    figure: isSoft ? crossEntropyFigure(classes) : accuracyFigure(classes),
  };
}

function accuracyFigure(classes: number): HeadFigure {
  return {
    name: "accuracy",
    higherIsBetter: true,
    isShare: true,
    of({ values }, rows, answers) {
      let correct = 0;
      for (let i = 0; i < rows.length; i++) if (largest(answers, i * classes, classes) === values[rows[i]]) correct++;
      return correct / rows.length;
    },
  };
}

/** Shares are told apart by how near answers come, not by which is largest. */
function crossEntropyFigure(classes: number): HeadFigure {
  return {
    name: "cross-entropy",
    higherIsBetter: false,
    isShare: false,
    of({ values }, rows, answers) {
      let sum = 0;
      for (let i = 0; i < rows.length; i++)
        for (let c = 0; c < classes; c++)
          sum -= values[rows[i] * classes + c] * Math.log(Math.max(1e-12, answers[i * classes + c]));
      return sum / rows.length;
    },
  };
}

/** The class of a row: the likeliest one where targets are probabilities. */
export function likeliest({ values, width }: Targets, row: number): number {
  return width === 1 ? values[row] : largest(values, row * width, width);
}

function largest(values: ArrayLike<number>, from: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c++) if (values[from + c] > values[from + best]) best = c;
  return best;
}

/**
 * Weight of a class, by how often it comes: 1 where classes are about even, else (mean count / count)^½, so that rare
 * classes are heard without drowning the others.
 */
export function classWeights(labels: ArrayLike<number>, classes: number): Float32Array {
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  const present = counts.filter((count) => count > 0);
  const [most, least] = [Math.max(...present), Math.min(...present)];
  if (most < 3 * least) return new Float32Array(classes).fill(1);
  return Float32Array.from(counts, (count) => (count > 0 ? Math.sqrt(labels.length / present.length / count) : 1));
}
