// A WordPiece vocabulary, as data. Knows nothing of training, encoding and files.
import { UserError } from "../base/errors.js";

/** The id that fills up a batch; its token is [PAD]. */
export const padId = 0;
/** The id of words that the vocabulary cannot spell; its token is [UNK]. */
export const unknownId = 1;
/** The tokens with a meaning of their own, by id. Written out in a text, they are these ids too. */
export const specialTokens: readonly string[] = ["[PAD]", "[UNK]"];
/** Stands before a piece that goes on with a word. */
export const continuation = "##";
/** Longer words, in code points, are unknown. */
export const longestWord = 100;

/** A vocabulary and how texts are brought to it. Ids are indices of `tokens`. */
export interface Tokenizer {
  /** `tokens[0]` is [PAD], `tokens[1]` is [UNK]; pieces inside a word begin with "##". */
  tokens: readonly string[];
  /** From a token to its id. */
  ids: ReadonlyMap<string, number>;
  lowercase: boolean;
}

/**
 * Makes a tokenizer of a vocabulary.
 *
 * @throws UserError when a token stands twice, or the list does not begin with [PAD] and [UNK].
 * @example
 * encode(createTokenizer(["[PAD]", "[UNK]", "good", "##ness"]), "Goodness"); // [2, 3]
 */
export function createTokenizer(tokens: readonly string[], lowercase = true): Tokenizer {
  for (const [id, special] of specialTokens.entries())
    if (tokens[id] !== special)
      throw new UserError(`Token ${id} of a vocabulary is ${special}, not ${JSON.stringify(tokens[id])}. Reorder it.`);
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) {
    if (ids.has(token)) throw new UserError(`The vocabulary holds ${JSON.stringify(token)} twice. Remove one.`);
    ids.set(token, id);
  }
  return { tokens, ids, lowercase };
}
