// Activations by name.
import { z } from "zod";
import { gelu, relu, sigmoid, softmax, type Tensor, tanh } from "../graph/index.js";

export const activationNames = ["linear", "relu", "gelu", "tanh", "sigmoid", "softmax"] as const;
export type ActivationName = (typeof activationNames)[number];
export const activationSchema = z.enum(activationNames);

/** softmax works over the last axis; gelu is the exact one. */
export const activations: Record<ActivationName, (x: Tensor) => Tensor> = {
  linear: (x) => x,
  relu,
  gelu,
  tanh,
  sigmoid,
  softmax,
};
