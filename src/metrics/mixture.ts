// Two models' probabilities mixed: w p + (1 − w) q for each token. Knows only their log-probabilities.
import { checkSameLength } from "./check-lengths.js";

const mostRounds = 500;
const precision = 1e-6;

/**
 * The weight of the first model with which the mixture makes the tokens most likely, in [0, 1], by expectation
 * maximisation: w becomes the mean share that the first model has in the mixture. Fit it on text that neither model was
 * trained on, and measure on other text.
 *
 * Source: A. P. Dempster, N. M. Laird and D. B. Rubin (1977); for language models F. Jelinek and R. Mercer (1980).
 *
 * @param first natural logarithms of the first model's probability of each token
 * @param second those of the second model, of the same tokens
 * @throws RangeError when the two do not have the same length, or none
 * @example
 * fitMixture([Math.log(0.9), Math.log(0.1)], [Math.log(0.1), Math.log(0.9)]); // 0.5
 */
export function fitMixture(first: ArrayLike<number>, second: ArrayLike<number>): number {
  checkSameLength(first, second);
  if (first.length === 0) throw new RangeError("a mixture cannot be fitted on no tokens");
  // q / p of each token
  const ratios = new Float64Array(first.length);
  for (let i = 0; i < ratios.length; i++) ratios[i] = Math.exp(second[i] - first[i]);
  let weight = 0.5;
  for (let round = 0; round < mostRounds; round++) {
    let sum = 0;
    for (let i = 0; i < ratios.length; i++) sum += weight / (weight + (1 - weight) * ratios[i]);
    const next = sum / ratios.length;
    const step = Math.abs(next - weight);
    weight = next;
    if (step < precision) break;
  }
  return weight;
}

/**
 * log(w p + (1 − w) q) of each token.
 *
 * @param weight w, of the first model, in [0, 1]
 * @example
 * mixLogProbabilities([Math.log(0.5)], [Math.log(0.1)], 0.5); // Float64Array [Math.log(0.3)]
 */
export function mixLogProbabilities(first: ArrayLike<number>, second: ArrayLike<number>, weight: number): Float64Array {
  checkSameLength(first, second);
  const mixed = new Float64Array(first.length);
  for (let i = 0; i < mixed.length; i++) {
    const largest = Math.max(first[i], second[i]);
    mixed[i] = largest + Math.log(weight * Math.exp(first[i] - largest) + (1 - weight) * Math.exp(second[i] - largest));
  }
  return mixed;
}
