// An n-gram model as plain data: a trie of contexts in typed arrays. Knows no training, no texts and no files.

/**
 * The n-grams of one length n. They are sorted by their context (the n-gram without its last token, a node of the level
 * before), then by their last token, so that the tokens that follow a context are adjacent.
 */
export interface NgramLevel {
  /** Last token of each n-gram; empty for n = 1, whose nodes are the tokens themselves. */
  tokens: Int32Array;
  /** P(last token | context), interpolated with all shorter contexts. */
  probabilities: Float32Array;
  /**
   * As a context: the factor of the shorter context's probability for a token that never followed. Empty for the
   * longest n-grams, which are not contexts.
   */
  backoffs: Float32Array;
  /** Node i's followers are the nodes [followers[i], followers[i + 1]) of the next level. Empty for the longest n-grams. */
  followers: Int32Array;
}

export interface NgramModel {
  /** Length of the longest n-grams. */
  order: number;
  /** Ids are in [0, vocabSize). */
  vocabSize: number;
  /** The token between two texts, which the model also predicts; without one, only the start of a text is known. */
  endId?: number;
  /** levels[n - 1] contains the n-grams of n tokens. */
  levels: NgramLevel[];
  /** D1, D2 and D3+ of each n (Chen and Goodman 1998): the discounts of counts of 1, 2 and more. */
  discounts: number[][];
}

/** The context at the beginning of a text, a node of the first level: the end of the text before, or a node of its own. */
export function beginNode({ endId, vocabSize }: Pick<NgramModel, "endId" | "vocabSize">): number {
  return endId ?? vocabSize;
}

/** Number of n-grams of each length. */
export function ngramCounts({ levels }: NgramModel): number[] {
  return levels.map(({ probabilities }) => probabilities.length);
}
