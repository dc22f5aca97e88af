// The tokenizer of token vectors. Apart, since nobody else who reads vectors needs what loads tokenizers.
import { loadFramedTokenizer } from "../text/tokenizers/index.js";
import type { TokenReader } from "./token-reader.js";

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
