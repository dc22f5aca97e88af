// Probabilities of texts under a trained linear model. Knows no labels' names.
import { softmaxRow } from "./calibrate.js";
import type { LinearModel } from "./linear-model.js";
import { createNgramScanner } from "./ngram-scanner.js";
import { type TextVectors, vectorOf } from "./text-vectors.js";
import { addMargins } from "./train-columns.js";
import { createTextWeigher } from "./vectorizer.js";

/**
 * Row-major probabilities (texts, classes); each row sums to 1. A text in which no n-gram is known gets the class
 * shares of the training rows.
 *
 * @param vectors of the texts, for a model that learned from such
 * @example
 * predictLinear(model, ["Who was Galileo ?", ""]); // Float32Array of 2 × classes
 */
export function predictLinear(model: LinearModel, texts: readonly string[], vectors?: TextVectors): Float32Array {
  const { classes, columns, vectorizer, weights, bias, calibration, prior, textLimit } = model;
  const weigher = createTextWeigher(vectorizer, createNgramScanner(vectorizer.range), textLimit, model.vectors);
  const probabilities = new Float32Array(texts.length * classes);
  const sums = new Float64Array(columns);
  const margins = new Float32Array(columns);
  for (let row = 0; row < texts.length; row++) {
    weigher.weigh(texts[row], vectorOf(vectors, row));
    if (weigher.count === 0) {
      probabilities.set(prior, row * classes);
      continue;
    }
    addMargins(weigher.ids, weigher.values, 0, weigher.count, columns, weights, bias, sums);
    margins.set(sums);
    softmaxRow(margins, 0, calibration, probabilities, row * classes, classes);
  }
  return probabilities;
}
