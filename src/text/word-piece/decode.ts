// Ids to a text that a person can read. What cleaning took away does not come back.
import { UserError } from "../../base/errors.js";
import { continuation, type WordPieceVocabulary } from "./vocabulary.js";

/**
 * The words of the ids, lower-cased if the tokenizer is, separated by spaces except before `. , ! ?`.
 * Special tokens are omitted. Equals `Tokenizer.decode` of the Python package tokenizers 0.23.
 *
 * @throws UserError for an id that is not in the vocabulary.
 * @example
 * decode(tokenizer, encode(tokenizer, "A goodish film!")); // "a goodish film!"
 */
export function decode(tokenizer: WordPieceVocabulary, ids: ArrayLike<number>): string {
  let text = "";
  for (let i = 0; i < ids.length; i++) text += textOfId(tokenizer, ids[i], text === "");
  return text;
}

/**
 * What one id adds to a text, at its beginning or further on.
 *
 * @throws UserError for an id that is not in the vocabulary.
 */
export function textOfId({ tokens, specials }: WordPieceVocabulary, id: number, isFirst: boolean): string {
  const token = tokens[id];
  if (token === undefined)
    throw new UserError(`Id ${id} is not in this vocabulary; its ids are 0 to ${tokens.length - 1}.`);
  if (id < specials.length) return "";
  if (isFirst) return token;
  if (token.startsWith(continuation)) return token.slice(continuation.length);
  return /^[.,!?]/.test(token) ? token : ` ${token}`;
}
