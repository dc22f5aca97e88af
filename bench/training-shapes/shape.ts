// What bench/train.ts wants to know of a network that it trains. Knows no network.
import type { OptimizerOptions } from "../../src/optim/index.js";
import type { Feeds, ParameterInit, StepGraph } from "../../src/runtime/index.js";
import type { Product } from "../product-rate.js";
import type { Weights } from "./weights.js";

/** Ids and targets of one whole batch: (rows, length) and, flat, what each row (or position) should give. */
export interface Batch {
  rows: number;
  length: number;
  ids: Int32Array;
  targets: Int32Array;
}

/** The peer's sizes, by its own names. */
export type Sizes = Record<string, number>;

export interface TrainingShape {
  /** The peer's name of the network, and ours. */
  name: "transformer" | "lstm" | "cnn";
  optimizer: OptimizerOptions;
  parameters(weights: Weights): ParameterInit[];
  /** The step of one shard of `rows` rows. */
  build(rows: number, sizes: Sizes, dropout: boolean): StepGraph;
  /** The rows from … to − 1 as one shard's arrays. */
  feeds(batch: Batch, from: number, to: number): Feeds;
  /** Products of one whole step: [rows, inner, columns, how often]; three for each product of the forward pass. */
  products(sizes: Sizes): Product[];
}
