// A network that answers texts, with its weights and how it reads them: what explanations look into.
import type { AnswerForm } from "./head.js";
import type { TextNetwork } from "./network.js";
import type { NetworkWeights } from "./network-weights.js";

export interface OpenedNetwork {
  network: TextNetwork;
  weights: NetworkWeights;
  form: AnswerForm;
  /** The parameter that holds the vectors of tokens, (tokens, width). */
  table: string;
  reading: TokenReading;
  /** The token whose state is that of the text; left out where all are pooled. */
  pooled?: "first" | "last";
}

export interface TokenReading {
  /** As the network reads a text: with special ids, and cut. */
  idsOf(text: string): Int32Array;
  /** All ids of a stretch of text, without special ones. */
  pieces(text: string): Int32Array;
  /** Special ids before and behind a text's own. */
  before: number;
  after: number;
  /** Stands before every text. */
  prompt: string;
  /** What stands for a word that the vocabulary lacks. */
  unknown?: number;
  /** The token that a text is compared with, at each of its places; zeros where the vocabulary has none. */
  baseline?: { id: number; token: string };
}
