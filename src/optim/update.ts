// The optimizers: one pass over a stretch of parameters. They know arrays, not tensors or layers.
import type { ResolvedOptimizer } from "./options.js";

/** What stays the same through one step. */
export interface StepNumbers {
  /** Counts from 1. */
  step: number;
  learningRate: number;
  /** Multiplies the gradients: 1, or less where they are clipped. */
  scale: number;
}

/** The parameters with their moments, all of one length. SGD uses the first moment alone. */
export interface OptimizerState {
  parameters: Float32Array;
  moment1: Float32Array;
  moment2: Float32Array;
}

/** Updates elements from … to − 1; the gradient of element i stands at `gradient[i − shift]`. */
export type UpdateStretch = (
  from: number,
  to: number,
  gradient: Float32Array,
  shift: number,
  options: StretchOptions,
) => void;

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
 * Look-up tables are updated lazily: only rows that a batch names move, their moments decay only then, and the bias
 * correction counts all steps. That is torch.optim.SparseAdam's rule.
 *
 * @example
 * const update = createUpdate(resolveOptimizer("adam"), state, { step: 1, learningRate: 1e-3, scale: 1 });
 * update(0, state.parameters.length, gradient, 0, { weightDecay: 0, rateScale: 1 });
 */
export function createUpdate(optimizer: ResolvedOptimizer, state: OptimizerState, numbers: StepNumbers): UpdateStretch {
  return optimizer.name === "sgd" ? sgd(optimizer, state, numbers) : adam(optimizer, state, numbers);
}

function adam(
  { beta1, beta2, epsilon }: ResolvedOptimizer,
  state: OptimizerState,
  numbers: StepNumbers,
): UpdateStretch {
  const { step, learningRate, scale } = numbers;
  // m̂ / (√v̂ + ε) with both corrections folded into the step size and ε
  const correction2 = Math.sqrt(1 - beta2 ** step);
  const stepSize = (learningRate * correction2) / (1 - beta1 ** step);
  const constants = { beta1, beta2, stepSize, epsilonHat: epsilon * correction2, scale };
  return (from, to, gradient, shift, { weightDecay, rateScale }) =>
    adamLoop(
      state,
      { ...constants, stepSize: stepSize * rateScale },
      from,
      to,
      gradient,
      shift,
      1 - learningRate * rateScale * weightDecay,
    );
}

/** Everything in locals: the loop reads nothing but the four arrays. */
function adamLoop(
  { parameters, moment1, moment2 }: OptimizerState,
  {
    beta1,
    beta2,
    stepSize,
    epsilonHat,
    scale,
  }: Record<"beta1" | "beta2" | "stepSize" | "epsilonHat" | "scale", number>,
  from: number,
  to: number,
  gradient: Float32Array,
  shift: number,
  keep: number,
): void {
  const rest1 = 1 - beta1;
  const rest2 = 1 - beta2;
  for (let i = from; i < to; i++) {
    const g = gradient[i - shift] * scale;
    const m = beta1 * moment1[i] + rest1 * g;
    const v = beta2 * moment2[i] + rest2 * g * g;
    moment1[i] = m;
    moment2[i] = v;
    parameters[i] = keep * parameters[i] - (stepSize * m) / (Math.sqrt(v) + epsilonHat);
  }
}

function sgd({ momentum }: ResolvedOptimizer, state: OptimizerState, numbers: StepNumbers): UpdateStretch {
  const { learningRate, scale } = numbers;
  return (from, to, gradient, shift, { weightDecay, rateScale }) =>
    sgdLoop(state, momentum, learningRate * rateScale, scale, from, to, gradient, shift, weightDecay);
}

function sgdLoop(
  { parameters, moment1 }: OptimizerState,
  momentum: number,
  learningRate: number,
  scale: number,
  from: number,
  to: number,
  gradient: Float32Array,
  shift: number,
  weightDecay: number,
): void {
  for (let i = from; i < to; i++) {
    const velocity = momentum * moment1[i] + gradient[i - shift] * scale + weightDecay * parameters[i];
    moment1[i] = velocity;
    parameters[i] -= learningRate * velocity;
  }
}
