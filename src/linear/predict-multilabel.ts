// Probabilities of labels of texts under a trained linear model. Knows no labels' names.
import { sigmoid } from "./fit-sigmoid.js";
import type { MultilabelModel } from "./multilabel-model.js";
import { createNgramScanner } from "./ngram-scanner.js";
import { type TextVectors, vectorOf } from "./text-vectors.js";
import { addMargins } from "./train-columns.js";
import { createTextWeigher } from "./vectorizer.js";

/**
 * Row-major probabilities (texts, labels), each label for itself. A text in which no n-gram is known gets the shares of the
 * labels among the training rows.
 *
 * @param vectors of the texts, for a model that learned from such
 * @example
 * predictMultilabel(model, ["thanks, that helped", ""]); // Float32Array of 2 × labels
 */
export function predictMultilabel(
  model: MultilabelModel,
  texts: readonly string[],
  vectors?: TextVectors,
): Float32Array {
  const { labels, vectorizer, weights, bias, calibration, prior, textLimit } = model;
  const weigher = createTextWeigher(vectorizer, createNgramScanner(vectorizer.range), textLimit, model.vectors);
  const probabilities = new Float32Array(texts.length * labels);
  const margins = new Float64Array(labels);
  for (let row = 0; row < texts.length; row++) {
    weigher.weigh(texts[row], vectorOf(vectors, row));
    if (weigher.count === 0) {
      probabilities.set(prior, row * labels);
      continue;
    }
    addMargins(weigher.ids, weigher.values, 0, weigher.count, labels, weights, bias, margins);
    for (let label = 0; label < labels; label++) {
      const logit = calibration.slope[label] * margins[label] + calibration.offset[label];
      probabilities[row * labels + label] = sigmoid(logit);
    }
  }
  return probabilities;
}
