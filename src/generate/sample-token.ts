// One token from a row of logits: the most probable one, or one at random among the probable ones.
import type { Random } from "../base/random.js";

export interface SamplingOptions {
  /** Logits are divided by it; 0 always takes the most probable token. */
  temperature: number;
  /** Keeps this many of the most probable tokens; 0 keeps all. */
  topK: number;
  /** Keeps the fewest tokens whose probabilities sum to this; A. Holtzman et al. 2019, arXiv:1904.09751. */
  topP: number;
  /** Keeps tokens at least this many times as probable as the most probable one; M. N. Nguyen et al. 2024, arXiv:2407.01082. */
  minP: number;
}

/** Kept tokens and exp((logit − max) / temperature) of each, in arrays that are used again. */
interface Candidates {
  ids: Int32Array;
  weights: Float64Array;
  count: number;
}

/**
 * A function that chooses from rows of `vocabSize` logits. A logit of −∞ is never chosen. Filters in the order of the
 * Hugging Face library: temperature, top-k, top-p, min-p.
 *
 * @example
 * const choose = tokenSampler(4, { temperature: 1, topK: 2, topP: 1, minP: 0 });
 * choose(Float32Array.of(0, 3, 1, 2), createRandom(7)); // 1 or 3
 */
export function tokenSampler(vocabSize: number, options: SamplingOptions) {
  const candidates: Candidates = {
    ids: new Int32Array(vocabSize),
    weights: new Float64Array(vocabSize),
    count: 0,
  };
  const scratch = new Float32Array(vocabSize);
  const { temperature, topK, topP, minP } = options;
  return (logits: Float32Array, random: Random): number => {
    const best = mostProbable(logits);
    if (temperature === 0 || topK === 1) return best;
    const floor = topK > 0 && topK < vocabSize ? kthLargest(logits, topK, scratch) : -Infinity;
    collect(candidates, logits, logits[best], floor, temperature);
    if (topP < 1) keepNucleus(candidates, topP);
    if (minP > 0) keepIf(candidates, (weight) => weight >= minP);
    return draw(candidates, random);
  };
}

/** The first of the largest. */
export function mostProbable(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id] > logits[best]) best = id;
  if (!(logits[best] > -Infinity)) throw new Error("no token can follow: every logit is −∞ or NaN");
  return best;
}

function collect(into: Candidates, logits: Float32Array, largest: number, floor: number, temperature: number): void {
  let count = 0;
  for (let id = 0; id < logits.length; id++) {
    if (!(logits[id] >= floor)) continue;
    const weight = Math.exp((logits[id] - largest) / temperature);
    if (weight === 0) continue;
    into.ids[count] = id;
    into.weights[count++] = weight;
  }
  into.count = count;
}

/** Sorts only the heaviest part: first those within e^−5 of the largest, then e^−10, then all. */
function keepNucleus(candidates: Candidates, topP: number): void {
  const { weights, count } = candidates;
  let total = 0;
  for (let i = 0; i < count; i++) total += weights[i];
  const wanted = topP * total;
  for (const limit of [Math.exp(-5), Math.exp(-10), 0]) {
    const heavy = weights.subarray(0, count).filter((weight) => weight >= limit);
    heavy.sort();
    let sum = 0;
    for (let i = heavy.length - 1; i >= 0; i--) {
      sum += heavy[i];
      // Of equally probable tokens at the border all are kept, so that the choice does not hang on their order.
      if (sum < wanted) continue;
      keepIf(candidates, (weight) => weight >= heavy[i]);
      return;
    }
  }
}

function keepIf(candidates: Candidates, isKept: (weight: number) => boolean): void {
  const { ids, weights } = candidates;
  let count = 0;
  for (let i = 0; i < candidates.count; i++) {
    if (!isKept(weights[i])) continue;
    ids[count] = ids[i];
    weights[count++] = weights[i];
  }
  candidates.count = count;
}

function draw({ ids, weights, count }: Candidates, random: Random): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += weights[i];
  let left = random.float() * total;
  for (let i = 0; i < count; i++) {
    left -= weights[i];
    if (left < 0) return ids[i];
  }
  return ids[count - 1];
}

/** Quickselect (C. A. R. Hoare 1961) on a copy: time in proportion to the vocabulary. */
function kthLargest(logits: Float32Array, k: number, scratch: Float32Array): number {
  scratch.set(logits);
  let from = 0;
  let to = scratch.length - 1;
  const place = scratch.length - k;
  while (from < to) {
    const pivot = scratch[(from + to) >> 1];
    let [i, j] = [from, to];
    while (i <= j) {
      while (scratch[i] < pivot) i++;
      while (scratch[j] > pivot) j--;
      if (i <= j) {
        const swapped = scratch[i];
        scratch[i++] = scratch[j];
        scratch[j--] = swapped;
      }
    }
    if (place <= j) to = j;
    else if (place >= i) from = i;
    else break;
  }
  return scratch[place];
}
