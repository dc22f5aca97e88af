// Numbers of texts under a trained ridge regression.
import { createNgramScanner } from "./ngram-scanner.js";
import type { RidgeModel } from "./ridge-model.js";
import { type TextVectors, vectorOf } from "./text-vectors.js";
import { createTextWeigher } from "./vectorizer.js";

/**
 * A number for each text, within the range of the training numbers. A text in which no n-gram is known gets
 * the mean of such training rows, pulled to that of all.
 *
 * @param vectors of the texts, for a model that learned from such
 * @returns shape (texts)
 * @example
 * predictRidge(model, ["a lovely dress", ""]); // Float64Array [4.6, 4.2]
 */
export function predictRidge(model: RidgeModel, texts: readonly string[], vectors?: TextVectors): Float64Array {
  const { vectorizer, weights, bias, unknown, mean, scale, least, most, textLimit } = model;
  const weigher = createTextWeigher(vectorizer, createNgramScanner(vectorizer.range), textLimit, model.vectors);
  return Float64Array.from(texts, (text, row) => {
    weigher.weigh(text, vectorOf(vectors, row));
    const { ids, values, count } = weigher;
    let sum = count > 0 ? bias : unknown;
    for (let at = 0; at < count; at++) sum += values[at] * weights[ids[at]];
    return Math.min(most, Math.max(least, mean + scale * sum));
  });
}
