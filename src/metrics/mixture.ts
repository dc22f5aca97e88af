// Two models' probabilities mixed: w p + (1 − w) q for each token. Knows only their log-probabilities.
import { checkSameLength } from "./check-lengths.js";

/** Halvings of [0, 1]: the weight is found to 1e-9. */
const halvings = 30;

/**
 * The weight of the first model with which the mixture makes the tokens most likely, in [0, 1]. Fit it on text that
 * neither model was trained on, and measure on other text.
 *
 * The log-likelihood L(w) = Σ log(w p + (1 − w) q) is concave, so its maximum is where L'(w) = 0, or at an end. It is
 * the point to which expectation maximisation climbs (Jelinek and Mercer 1980), which near 0 and 1 takes thousands of
 * rounds.
 *
 * @param first natural logarithms of the first model's probability of each token
 * @param second those of the second model, of the same tokens
 * @throws RangeError when the two differ in length, or are empty
 * @example
 * fitMixture([Math.log(0.9), Math.log(0.1)], [Math.log(0.1), Math.log(0.9)]); // 0.5
 */
export function fitMixture(first: ArrayLike<number>, second: ArrayLike<number>): number {
  checkSameLength(first, second);
  if (first.length === 0) throw new RangeError("a mixture cannot be fitted without tokens");
  // (p − q) / max(p, q) and q / max(p, q) of each token: L'(w) = Σ difference / (w · difference + base).
  const differences = new Float64Array(first.length);
  const bases = new Float64Array(first.length);
  for (let i = 0; i < differences.length; i++) {
    const largest = Math.max(first[i], second[i]);
    bases[i] = Math.exp(second[i] - largest);
    differences[i] = Math.exp(first[i] - largest) - bases[i];
  }
  const slope = (weight: number) => {
    let sum = 0;
    for (let i = 0; i < bases.length; i++) sum += differences[i] / (weight * differences[i] + bases[i]);
    return sum;
  };
  if (slope(1) >= 0) return 1;
  if (slope(0) <= 0) return 0;
  let [low, high] = [0, 1];
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
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

/** Tokens of one part before those of the other follow. */
const stretch = 1000;

export interface FittedMixture {
  /** Weights of the first model: fitted on each part, used on the other. */
  weights: [number, number];
  /** log(w p + (1 − w) q) of each token. */
  mixed: Float64Array;
}

/**
 * A mixture whose weight is cross-fitted, never fitted on the tokens it is measured on: blocks of
 * 1,000 tokens alternate between two parts, and each part is mixed with the weight that fits the other best.
 *
 * @throws RangeError when the two differ in length, or there are fewer than two tokens
 */
export function crossFitMixture(first: ArrayLike<number>, second: ArrayLike<number>): FittedMixture {
  checkSameLength(first, second);
  const count = first.length;
  if (count < 2) throw new RangeError(`a mixture cannot be fitted crosswise on ${count} tokens`);
  const length = Math.min(stretch, Math.ceil(count / 2));
  const partOf = (i: number) => Math.floor(i / length) % 2;
  const places = [0, 1].map((part) =>
    Int32Array.from({ length: count }, (_, i) => i).filter((i) => partOf(i) === part),
  );
  const pick = (values: ArrayLike<number>, part: number) => Float64Array.from(places[part], (i) => values[i]);
  const fit = (part: number) => fitMixture(pick(first, part), pick(second, part));
  const weights: [number, number] = [fit(0), fit(1)];
  const mixed = new Float64Array(count);
  for (const part of [0, 1]) {
    const values = mixLogProbabilities(pick(first, part), pick(second, part), weights[1 - part]);
    for (const [i, place] of places[part].entries()) mixed[place] = values[i];
  }
  return { weights, mixed };
}
