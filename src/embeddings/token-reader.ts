// How texts become rows of token vectors: by the tokenizer that they belong to, without its special tokens.
import type { Tokenizer } from "../text/tokenizers/index.js";

export interface TokenReader {
  /** The text of tokenizer.json. */
  json: string;
  /** Texts are lowercased first. */
  lowercase: boolean;
  tokenizer: Tokenizer;
  /** Ids of a text's tokens, which are the rows of their vectors. */
  encode(text: string): Int32Array;
}

/**
 * The tokens of a word. Most words stand behind a space, and many tokenizers have other tokens for those: the spelling of fewer
 * tokens is taken.
 */
export function tokensOfWord({ encode }: TokenReader, word: string): Int32Array {
  const [alone, behindSpace] = [encode(word), encode(` ${word}`)];
  return behindSpace.length > 0 && behindSpace.length < alone.length ? behindSpace : alone;
}
