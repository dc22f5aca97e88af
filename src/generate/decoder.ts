// What a network must do so that text can be written with it, token by token. Knows no network and no text.

/**
 * Several sequences that grow in parallel, one row each. Logits are rows of `vocabSize` numbers, the unnormalised
 * logarithms of the next token's probabilities; the array may be reused by the next call.
 */
export interface Decoder {
  readonly vocabSize: number;
  /**
   * Maximum number of tokens in the context; longer sequences slide through this window and lose their oldest tokens.
   * Undefined if a state carries all earlier tokens, or if the limit makes no difference.
   */
  readonly window?: number;
  /** Reads what coming prompts begin with: those that do are then read from there on. */
  keep?(beginning: Int32Array): Promise<void>;
  /** Restarts with these texts, each from its first token; an empty one is the start of a text. */
  start(prompts: readonly Int32Array[]): Promise<Float32Array>;
  /** Adds one token to each row. */
  step(tokens: Int32Array): Promise<Float32Array>;
  /** Row i becomes what row parents[i] was; a row may be dropped, or repeated. */
  reorder(parents: readonly number[]): void;
  close(): Promise<void>;
}
