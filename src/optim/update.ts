// The optimizers: one pass over a stretch of parameters. They know arrays, not tensors or layers.
import type { ResolvedOptimizer } from "./options.js";

/** What one update sees; every array has the same length as the parameters. */
export interface Stretch {
  parameters: Float32Array;
  /** First and second moment; SGD uses the first alone. */
  moment1: Float32Array;
  moment2: Float32Array;
  /** One gradient a shard; they are added in this order. */
  gradients: readonly Float32Array[];
  /** Elements from … to − 1. */
  from: number;
  to: number;
  /** Multiplies the gradients: 1, or less where they are clipped. */
  scale: number;
  /** Counts from 1. */
  step: number;
  learningRate: number;
  weightDecay: number;
}

/**
 * One step of the optimizer, in place.
 *
 * Adam: D. P. Kingma, J. Ba 2014, arXiv:1412.6980 (ε outside the root, as in Keras and PyTorch).
 * AdamW: I. Loshchilov, F. Hutter 2017, arXiv:1711.05101. SGD: v ← μ v + g, w ← w − η v, as in PyTorch.
 *
 * Look-up tables are updated lazily: only rows that a batch names move, their moments decay only then, and the bias
 * correction counts all steps. That is torch.optim.SparseAdam's rule.
 */
export function updateStretch(optimizer: ResolvedOptimizer, stretch: Stretch): void {
  if (optimizer.name === "sgd") updateSgd(optimizer, stretch);
  else updateAdam(optimizer, stretch);
}

function updateAdam({ beta1, beta2, epsilon }: ResolvedOptimizer, stretch: Stretch): void {
  const { parameters, moment1, moment2, from, to, scale, step, learningRate, weightDecay } = stretch;
  const gradient = summed(stretch);
  // m̂ / (√v̂ + ε) with both corrections folded into the step size and ε
  const correction2 = Math.sqrt(1 - beta2 ** step);
  const stepSize = (learningRate * correction2) / (1 - beta1 ** step);
  const epsilonHat = epsilon * correction2;
  const keep = 1 - learningRate * weightDecay;
  const [rest1, rest2] = [1 - beta1, 1 - beta2];
  for (let i = from; i < to; i++) {
    const g = gradient[i] * scale;
    const m = beta1 * moment1[i] + rest1 * g;
    const v = beta2 * moment2[i] + rest2 * g * g;
    moment1[i] = m;
    moment2[i] = v;
    parameters[i] = keep * parameters[i] - (stepSize * m) / (Math.sqrt(v) + epsilonHat);
  }
}

function updateSgd({ momentum }: ResolvedOptimizer, stretch: Stretch): void {
  const { parameters, moment1, from, to, scale, learningRate, weightDecay } = stretch;
  const gradient = summed(stretch);
  for (let i = from; i < to; i++) {
    const g = gradient[i] * scale + weightDecay * parameters[i];
    const velocity = momentum * moment1[i] + g;
    moment1[i] = velocity;
    parameters[i] -= learningRate * velocity;
  }
}

/** The gradients' sum, in shard order, in the first of them. */
function summed({ gradients, from, to }: Stretch): Float32Array {
  const [first, ...others] = gradients;
  for (const other of others) for (let i = from; i < to; i++) first[i] += other[i];
  return first;
}
