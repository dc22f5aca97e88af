// How well a language model foresees texts, from its log-probabilities. Knows no model and no tokenizer.

/** Sums over some texts. */
export interface TextTotals {
  /** Natural logarithm of the probability of all tokens. */
  logProbability: number;
  tokens: number;
  /** UTF-8 bytes of the texts. */
  bytes: number;
  /** Code points of the texts. */
  characters: number;
}

export interface TextLoss {
  /** Nats per token. */
  loss: number;
  /** exp(loss): the number of equally likely tokens that would give the same loss. */
  perplexity: number;
  /** Comparable between tokenizers that keep the whole text, as loss and perplexity are not. */
  bitsPerByte: number;
  bitsPerCharacter: number;
}

/**
 * @throws RangeError when there is no token, byte or character
 * @example
 * textLoss({ logProbability: Math.log(1 / 8), tokens: 1, bytes: 6, characters: 3 }).bitsPerByte; // 0.5
 */
export function textLoss({ logProbability, tokens, bytes, characters }: TextTotals): TextLoss {
  if (!(tokens > 0 && bytes > 0 && characters > 0))
    throw new RangeError(`no loss of ${tokens} tokens in ${bytes} bytes and ${characters} characters`);
  const bits = -logProbability / Math.LN2;
  const loss = -logProbability / tokens;
  return { loss, perplexity: Math.exp(loss), bitsPerByte: bits / bytes, bitsPerCharacter: bits / characters };
}

/** Code points of a text. */
export function characterCount(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    const isLow = (text.charCodeAt(i) & 0xfc00) === 0xdc00;
    if (isLow && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) count--;
  }
  return count;
}
