// Which optimizer and with what numbers. Pure data, as it is kept in a model folder.
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";

export interface OptimizerOptions {
  /** adam, adamw, muon or sgd. */
  name: OptimizerName;
  /** Step size, unless a schedule sets it. */
  learningRate?: number;
  /** Adam and AdamW: decay of the first moment. Default 0.9. */
  beta1?: number;
  /** Adam and AdamW: decay of the second moment. Default 0.999. */
  beta2?: number;
  /** Adam and AdamW: added to the root of the second moment. Default 1e-7. */
  epsilon?: number;
  /** AdamW: weight decay, the share of each weight matrix subtracted per step, times the learning rate. */
  weightDecay?: number;
  /** SGD and Muon. */
  momentum?: number;
  /** Muon: step size of the hidden matrices; a schedule scales it as it does `learningRate`. */
  matrixLearningRate?: number;
  /** Gradients longer than this (Euclidean norm over all parameters) are scaled down to it. */
  clipNorm?: number;
}

export const optimizerNames = ["adam", "adamw", "muon", "sgd"] as const;
export type OptimizerName = (typeof optimizerNames)[number];

export type ResolvedOptimizer = Required<Omit<OptimizerOptions, "clipNorm">> & { clipNorm?: number };

/** Keras's defaults, except AdamW's decay (0.01, PyTorch's) and Muon's own. */
export function resolveOptimizer(options: OptimizerName | OptimizerOptions): ResolvedOptimizer {
  const given = typeof options === "string" ? { name: options } : options;
  if (!optimizerNames.includes(given.name))
    throw new UserError(
      `optimizer '${given.name}' is not known; known are ${optimizerNames.join(", ")}.${didYouMean(given.name, optimizerNames)}`,
    );
  const defaults = {
    learningRate: given.name === "sgd" ? 0.01 : 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    weightDecay: given.name === "adamw" || given.name === "muon" ? 0.01 : 0,
    momentum: given.name === "muon" ? 0.95 : 0,
    matrixLearningRate: 0.02,
  };
  return { ...defaults, ...given };
}
