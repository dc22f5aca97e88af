// What a network must do so that text can be written with it, token by token. Knows no network and no text.

/**
 * Several sequences that grow side by side, one row each. Logits are rows of `vocabSize` numbers, the unnormalised
 * logarithms of the next token's probabilities; the array may be used again by the next call.
 */
export interface Decoder {
  readonly vocabSize: number;
  /**
   * Tokens that it sees at once, at most; longer sequences slide through this window, the oldest tokens are forgotten.
   * Undefined where a state carries everything on, or where it would make no difference to a reader.
   */
  readonly window?: number;
  /** Begins anew with these texts, each from its first token; an empty one is the beginning of a text. */
  start(prompts: readonly Int32Array[]): Promise<Float32Array>;
  /** Adds one token to each row. */
  step(tokens: Int32Array): Promise<Float32Array>;
  /** From now on row i is what row parents[i] was; a row may be left out, or stand several times. */
  reorder(parents: readonly number[]): void;
  close(): Promise<void>;
}
