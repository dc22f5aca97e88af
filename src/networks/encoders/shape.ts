// What an encoder looks like: a Transformer in which every token sees the whole text. Plain data.
import type { TransformerBlock } from "../../nn/index.js";

export interface EncoderShape {
  vocabSize: number;
  /** Tokens of a text that have a position, special ones included. */
  maxLength: number;
  layers: number;
  width: number;
  heads: number;
  feedForwardSize: number;
  activation: TransformerBlock["feedForward"]["activation"];
  /** x + f(norm(x)), otherwise norm(x + f(x)). */
  normFirst: boolean;
  /** Of all norms. */
  epsilon: number;
  /** Whether norms have a beta, and the products of attention and of the feed-forward part a bias. */
  biases: { norm: boolean; attention: boolean; feedForward: boolean };
  /** Whether the first block normalises before attention; false where the norm of the embeddings does. */
  firstNorm: boolean;
  /** Whether a norm stands behind the last block. */
  lastNorm: boolean;
  /** Vectors of positions, added to those of tokens: rows of the table, and which is that of the first token. */
  positions?: { rows: number; first: number };
  /** Rows of the table of token types; every token is of the first. 0: none. */
  tokenTypes: number;
  /** Biases of attention by distance, one table for all layers: rows of both directions together. */
  distances?: { buckets: number; longest: number };
  /** Rotary positions: the base of each layer. */
  rotaryBases?: readonly number[];
  /** How far a token of each layer sees to both sides; null: everywhere. */
  windows?: readonly (number | null)[];
  /** Of the embeddings and of the results of both parts of a block, and of the attention weights, in training. */
  dropout: number;
  attentionDropout: number;
}
