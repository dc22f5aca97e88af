// What is known of an architecture of others: how its config.json says the shape, and what its weights are called.
import type { EncoderShape } from "../encoders/shape.js";
import type { TransformerShape } from "../language/shape.js";

export interface EncoderArchitecture {
  /** @throws UserError for a setting that is not computed here as in Python's transformers */
  shape(config: unknown, path: string): EncoderShape;
  /** The settings that say a shape. Of a shape of another architecture they say another one. */
  config(shape: EncoderShape): Record<string, unknown>;
  names: WeightNames;
  /** In transformers: the encoder's class, and that of the encoder below a head for labels. */
  className: string;
  head?: EncoderHead;
}

/** A head that reads the first token's state: a dense layer of the encoder's width, and the last layer. */
export interface EncoderHead {
  class: string;
  dense: string;
  activation: "tanh" | "relu";
  output: string;
}

export interface DecoderArchitecture {
  /** @throws UserError for a setting that is not computed here as in Python's transformers */
  shape(config: unknown, path: string): TransformerShape;
  /** The settings that say a shape, of architectures that ours can be; of another architecture's they say another one. */
  config?(shape: TransformerShape): Record<string, unknown>;
  names: WeightNames;
  /** In transformers. */
  className: string;
}

export interface WeightNames {
  /** What stands before all names in the files of a model with a head. */
  prefix: string;
  /** Theirs by ours: parts of the network, without the names of their parameters. */
  parts: Readonly<Record<string, PartName>>;
  /** What stands before the parts of a block; {} is its number. */
  block: string;
  /** Of each block. */
  blockParts: Readonly<Record<string, PartName>>;
  /** Matrices of products are (in, out), as ours, and their parts stand beside each other. Default: (out, in). */
  areInOut?: boolean;
}

/** A part of their weights: whole, or one of several of equal size that they keep in one matrix. */
export type PartName = string | { name: string; part: number; of: number };
