// What training, export and scoring know of a network that answers texts.
import type { Tensor } from "../graph/index.js";
import type { GraphBuild, ParameterSpec } from "../nn/index.js";

/** The last layer, in every network that answers texts, and its parameters. */
export const outputName = "output";
export const outputKernelName = `${outputName}/kernel`;
export const outputBiasName = `${outputName}/bias`;

export interface TextNetwork {
  /** For the progress. */
  name: string;
  /** Numbers that the last layer gives. */
  width: number;
  /** Tokens of a text that are read; the rest is cut off. */
  maxLength: number;
  /** ids (batch, length) int and mask (batch, length) float, 1 at tokens and 0 at padding, give logits. */
  build(ids: Tensor, mask: Tensor, build: GraphBuild): BuiltTextNetwork;
}

export interface BuiltTextNetwork {
  /** (batch, width) */
  logits: Tensor;
  /** (batch, features): the text as the last layer gets it. */
  features: Tensor;
  /** In a fixed order, for the initial values. */
  parameters: ParameterSpec[];
}
