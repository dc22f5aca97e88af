// A WordPiece vocabulary, as data. Knows nothing of training, encoding and files.
import { UserError } from "../../base/errors.js";

/** The id of words that the vocabulary cannot represent; its token is [UNK]. */
export const unknownId = 1;
/** The special tokens that every vocabulary begins with. */
export const specialTokens: readonly string[] = ["[PAD]", "[UNK]"];
/** Stands before a piece that goes on with a word. */
export const continuation = "##";
/** Longer words, in code points, are unknown. */
export const longestWord = 100;

/** A vocabulary and how texts are mapped to it. Ids are indices of `tokens`. */
export interface WordPieceVocabulary {
  /** `tokens[0]` is [PAD], `tokens[1]` is [UNK]; pieces inside a word start with "##". */
  tokens: readonly string[];
  /** Maps a token to its id. */
  ids: ReadonlyMap<string, number>;
  lowercase: boolean;
  /** The first tokens, which have special meanings. Written in a text, they get these ids too. */
  specials: readonly string[];
}

/**
 * Makes a tokenizer from a vocabulary.
 *
 * @param specials - the first of the tokens, [PAD] and [UNK] first.
 * @throws UserError when a token occurs twice, or the list does not start with the special tokens.
 * @example
 * encode(createTokenizer(["[PAD]", "[UNK]", "good", "##ness"]), "Goodness"); // [2, 3]
 */
export function createVocabulary(
  tokens: readonly string[],
  lowercase = true,
  specials = specialTokens,
): WordPieceVocabulary {
  for (const [id, special] of [...specialTokens, ...specials.slice(specialTokens.length)].entries())
    if (tokens[id] !== special)
      throw new UserError(`Token ${id} of a vocabulary is ${special}, not ${JSON.stringify(tokens[id])}. Reorder it.`);
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) {
    if (ids.has(token)) throw new UserError(`The vocabulary contains ${JSON.stringify(token)} twice. Remove one.`);
    ids.set(token, id);
  }
  return { tokens, ids, lowercase, specials };
}
