// The optimizers: one pass over a stretch of parameters. They know places in memory, not tensors or layers.
import type { OptimizerKernels } from "./kernels.js";
import type { ResolvedOptimizer } from "./options.js";

/** What stays the same through one step. */
export interface StepNumbers {
  /** Counts from 1. */
  step: number;
  learningRate: number;
  /** Multiplies the gradients: 1, or less where they are clipped. */
  scale: number;
}

/** Addresses in the kernels' memory, of arrays of one length. SGD uses the first moment alone. */
export interface OptimizerPlaces {
  parameters: number;
  moment1: number;
  moment2: number;
  gradient: number;
}

/** Updates elements from … to − 1. */
export type UpdateStretch = (from: number, to: number, options: StretchOptions) => void;

/** What one parameter has of its own. */
export interface StretchOptions {
  weightDecay: number;
  /** Multiplies the learning rate. */
  rateScale: number;
}

/**
 * One step of the optimizer, in place.
 *
 * Adam: D. P. Kingma, J. Ba 2014, arXiv:1412.6980 (ε outside the root, as in Keras and PyTorch).
 * AdamW: I. Loshchilov, F. Hutter 2017, arXiv:1711.05101; it is also what Muon does to all but hidden matrices.
 * SGD: v ← μ v + g, w ← w − η v, as in PyTorch.
 *
 * Rows of look-up tables are given to it only in steps that name them; what they miss in the others is in
 * missed-steps.ts.
 *
 * @example
 * const kernels = loadOptimizerKernels(arena.memory);
 * const update = createUpdate(resolveOptimizer("adam"), kernels, places, { step: 1, learningRate: 1e-3, scale: 1 });
 * update(0, count, { weightDecay: 0, rateScale: 1 });
 */
export function createUpdate(
  optimizer: ResolvedOptimizer,
  kernels: OptimizerKernels,
  places: OptimizerPlaces,
  { step, learningRate, scale }: StepNumbers,
): UpdateStretch {
  const { parameters, gradient, moment1, moment2 } = places;
  if (optimizer.name === "sgd")
    return (from, to, { weightDecay, rateScale }) => {
      const [at, bytes] = [4 * from, 4 * (to - from)];
      const rate = learningRate * rateScale;
      kernels.sgd(parameters + at, gradient + at, moment1 + at, bytes, optimizer.momentum, scale, weightDecay, rate);
    };
  const { beta1, beta2, epsilon } = optimizer;
  // m̂ / (√v̂ + ε) with both corrections folded into the step size and ε
  const correction2 = Math.sqrt(1 - beta2 ** step);
  const stepSize = (learningRate * correction2) / (1 - beta1 ** step);
  return (from, to, { weightDecay, rateScale }) => {
    const at = 4 * from;
    kernels.adam(
      parameters + at,
      gradient + at,
      moment1 + at,
      moment2 + at,
      4 * (to - from),
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      stepSize * rateScale,
      epsilon * correction2,
      scale,
      learningRate * rateScale * weightDecay,
    );
  };
}
