// Ids to a text that a person can read. What cleaning took away does not come back.
import { UserError } from "../base/errors.js";
import { continuation, specialTokens, type Tokenizer } from "./tokenizer.js";

/**
 * The words of the ids, lower-cased if the tokenizer is, with a space between them but none before `. , ! ?`.
 * Special tokens are left out. Equals `Tokenizer.decode` of the Python package tokenizers 0.23.
 *
 * @throws UserError for an id that is not of the vocabulary.
 * @example
 * decode(tokenizer, encode(tokenizer, "A goodish film!")); // "a goodish film!"
 */
export function decode(tokenizer: Tokenizer, ids: ArrayLike<number>): string {
  let text = "";
  let first = true;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    const token = tokenizer.tokens[id];
    if (token === undefined)
      throw new UserError(`Id ${id} is not of this vocabulary; its ids are 0 to ${tokenizer.tokens.length - 1}.`);
    if (id < specialTokens.length) continue;
    if (first) text = token;
    else if (token.startsWith(continuation)) text += token.slice(continuation.length);
    else text += /^[.,!?]/.test(token) ? token : ` ${token}`;
    first = false;
  }
  return text;
}
