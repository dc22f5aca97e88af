// How texts become rows of token vectors: by the tokenizer that they belong to, without its special tokens.
import { loadFramedTokenizer, type Tokenizer } from "../text/tokenizers/index.js";

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
 * @param json - the text of a tokenizer.json
 * @throws UserError for a file that is no tokenizer.json, and for parts that would not give Python's ids
 */
export function tokenReader(json: string, { lowercase = false }: { lowercase?: boolean } = {}): TokenReader {
  const { tokenizer } = loadFramedTokenizer(json, { lowercase });
  return { json, lowercase, tokenizer, encode: (text) => tokenizer.encode(text) };
}

/** Names of all ids; those that have no token, which no text can have either, get one that no token has. */
export function tokenNames({ tokenizer }: TokenReader): string[] {
  const names = Array.from({ length: tokenizer.vocabSize }, (_, id) => tokenizer.idToToken(id));
  const taken = new Set(names);
  return names.map((name, id) => {
    if (name !== undefined) return name;
    let own = `[no token ${id}]`;
    while (taken.has(own)) own += "]";
    return own;
  });
}

/**
 * The tokens of a word. Most words stand behind a space, and many tokenizers have other tokens for those: the spelling of fewer
 * tokens is taken.
 */
export function tokensOfWord({ encode }: TokenReader, word: string): Int32Array {
  const [alone, behindSpace] = [encode(word), encode(` ${word}`)];
  return behindSpace.length > 0 && behindSpace.length < alone.length ? behindSpace : alone;
}
