// Steps in which no batch named a row of a look-up table. A dense optimizer moves such a row too, as momentum and weight
// decay have it. Here the row waits, and takes all the steps that it missed at once before it is read again: that costs
// what one step costs, however many they were. Knows places in memory, not tables.
import type { OptimizerKernels } from "./kernels.js";
import type { ResolvedOptimizer } from "./options.js";
import type { StretchOptions } from "./update.js";

/** Steps that a row may miss before it has to catch up: as many rates are remembered. */
export const mostMissed = 1024;

/** The steps since `start`, at most `mostMissed`. */
export interface MissedSteps {
  /** One more step was taken, at this learning rate. */
  add(learningRate: number): void;
  /** From now on steps are counted from this one. */
  restart(start: number): void;
  /**
   * Applies the steps after step `from` to a row that missed them: addresses of its parameters and moments. The bits
   * depend on `from`, the steps and the row alone.
   */
  catchUp(from: number, parameters: number, moment1: number, moment2: number, bytes: number): void;
}

/**
 * @example
 * const missed = createMissedSteps(resolveOptimizer("adam"), kernels, { weightDecay: 0, rateScale: 1 });
 * missed.add(1e-3);
 * missed.catchUp(0, parameters, moment1, moment2, 4 * width);
 */
export function createMissedSteps(
  optimizer: ResolvedOptimizer,
  kernels: OptimizerKernels,
  own: StretchOptions,
): MissedSteps {
  return optimizer.name === "sgd" ? missedSgd(optimizer, kernels, own) : missedAdam(optimizer, kernels, own);
}

/** Root mean square of what the steps at once may differ by from the steps one by one, in learning rates. */
const tolerance = 1e-4;
/** σ / ē so small that they cannot: the third moment is a millionth. */
const evenSpread = 0.01;

/**
 * Without a gradient m and v only decay, so that k steps after step s a step is
 *
 *     w ← (1 − ηλ) w − a_j q^k m / (√v + e_j),   a_j = η √(1 − β₂ʲ) / (1 − β₁ʲ),  q = β₁ / √β₂,  e_j = ε √(1 − β₂ʲ) / β₂^(k/2)
 *
 * with j = s + k and m and v as step s left them. With the weights c_j = a_j q^k Π(1 − ηλ) of the steps behind, their
 * sum C, and the mean ē and the variance σ² of e_j under them, all of it together is
 *
 *     w ← Π(1 − ηλ) w − C m d (1 + σ² d²),   d = 1 / (√v + ē)
 *
 * up to the third moment of e_j, which varies little where c_j is large. Where √v is so near to ε that this shows, the
 * steps are taken one by one.
 */
function missedAdam(
  { beta1, beta2, epsilon }: ResolvedOptimizer,
  kernels: OptimizerKernels,
  { weightDecay, rateScale }: StretchOptions,
): MissedSteps {
  const root = Math.sqrt(beta2);
  // Of each step: η, a_j, ε √(1 − β₂ʲ).
  const [rates, sizes, epsilons] = Array.from({ length: 3 }, () => new Float64Array(mostMissed));
  // For a row that missed all steps from this one on: Π(1 − ηλ), the largest η, Σ c_j, Σ c_j e_j, Σ c_j e_j².
  const [kept, largest, sums, firsts, seconds] = Array.from({ length: 5 }, () => new Float64Array(mostMissed + 1));
  const decays = [beta1, beta2].map((beta) => Float64Array.from({ length: mostMissed + 1 }, (_, n) => beta ** n));
  let [start, count, summed] = [0, 0, -1];

  function sumUp(): void {
    let [keep, sum, first, second] = [1, 0, 0, 0];
    [kept[count], largest[count]] = [1, 0];
    for (let i = count - 1; i >= 0; i--) {
      const c = sizes[i] * keep;
      const e = epsilons[i];
      sum = (beta1 / root) * (c + sum);
      first = (beta1 / beta2) * (c * e + first);
      second = (beta1 / (beta2 * root)) * (c * e * e + second);
      keep *= 1 - rates[i] * weightDecay;
      kept[i] = keep;
      largest[i] = Math.max(rates[i], largest[i + 1]);
      sums[i] = sum;
      firsts[i] = first;
      seconds[i] = second;
    }
    summed = count;
  }

  return {
    add(learningRate) {
      const step = start + count + 1;
      const rate = learningRate * rateScale;
      const correction2 = Math.sqrt(1 - beta2 ** step);
      rates[count] = rate;
      sizes[count] = (rate * correction2) / (1 - beta1 ** step);
      epsilons[count] = epsilon * correction2;
      count++;
    },
    restart(step) {
      [start, count, summed] = [step, 0, -1];
    },
    catchUp(from, parameters, moment1, moment2, bytes) {
      if (summed !== count) sumUp();
      const first = from - start;
      const missed = count - first;
      const size = sums[first];
      const mean = size > 0 ? firsts[first] / size : epsilon;
      const spread = size > 0 ? Math.sqrt(Math.max(0, seconds[first] / size - mean * mean)) : 0;
      const most = ((tolerance * largest[first]) / size) ** 2 * (bytes / 4);
      // Written so that numbers beyond all bounds (β₁ > √β₂) fail both.
      if (spread <= evenSpread * mean || kernels.coastingError(moment1, moment2, bytes, mean, spread) <= most) {
        kernels.coastAdam(
          parameters,
          moment1,
          moment2,
          bytes,
          1 - kept[first],
          size,
          mean,
          spread,
          decays[0][missed],
          decays[1][missed],
        );
        return;
      }
      for (let i = first; i < count; i++) {
        const oneSize = (beta1 / root) * sizes[i];
        const ownEpsilon = epsilons[i] / root;
        kernels.coastAdam(
          parameters,
          moment1,
          moment2,
          bytes,
          rates[i] * weightDecay,
          oneSize,
          ownEpsilon,
          0,
          beta1,
          beta2,
        );
      }
    },
  };
}

/** v ← μ v + λ w;  w ← w − η v: a product of 2 × 2 matrices. */
function missedSgd(
  { momentum }: ResolvedOptimizer,
  kernels: OptimizerKernels,
  { weightDecay, rateScale }: StretchOptions,
): MissedSteps {
  const rates = new Float64Array(mostMissed);
  // For a row that missed all steps from this one on: w ← ww w + wv v;  v ← vw w + vv v.
  const [ww, wv, vw, vv] = Array.from({ length: 4 }, () => new Float64Array(mostMissed + 1));
  let [start, count, multiplied] = [0, 0, -1];

  /** Each product is the one behind it times its own step's matrix, (1 − ηλ, −ημ; λ, μ) on (w, v). */
  function multiply(): void {
    [ww[count], wv[count], vw[count], vv[count]] = [1, 0, 0, 1];
    for (let i = count - 1; i >= 0; i--) {
      const [keep, pull] = [1 - rates[i] * weightDecay, -rates[i] * momentum];
      ww[i] = ww[i + 1] * keep + wv[i + 1] * weightDecay;
      wv[i] = ww[i + 1] * pull + wv[i + 1] * momentum;
      vw[i] = vw[i + 1] * keep + vv[i + 1] * weightDecay;
      vv[i] = vw[i + 1] * pull + vv[i + 1] * momentum;
    }
    multiplied = count;
  }

  return {
    add(learningRate) {
      rates[count++] = learningRate * rateScale;
    },
    restart(step) {
      [start, count, multiplied] = [step, 0, -1];
    },
    catchUp(from, parameters, moment1, _moment2, bytes) {
      if (momentum === 0 && weightDecay === 0) return;
      if (multiplied !== count) multiply();
      const i = from - start;
      kernels.coastSgd(parameters, moment1, bytes, ww[i], wv[i], vw[i], vv[i]);
    },
  };
}
