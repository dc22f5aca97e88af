// WordPiece: words to ids by the longest pieces of a vocabulary. Knows nothing of training, files and tables.
import { UserError } from "../base/errors.js";
import { words } from "./words.js";

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

/**
 * The ids of a text, without any added at its ends. Equals the Python package tokenizers 0.23 on the file that
 * `toTokenizerJson` writes.
 *
 * @param maxLength - keeps the first ids; default: all.
 * @throws UserError when maxLength is not a whole number from 1.
 * @example
 * const tokenizer = trainTokenizer(["good film", "good fun"]);
 * encode(tokenizer, "Good!"); // [2, 1]
 */
export function encode(tokenizer: Tokenizer, text: string, maxLength?: number): number[] {
  if (maxLength !== undefined && !(Number.isInteger(maxLength) && maxLength >= 1))
    throw new UserError(`maxLength is a whole number from 1, not ${maxLength}.`);
  const known = spelled(tokenizer);
  const ids: number[] = [];
  // Special tokens are found in the text as it stands, before cleaning.
  const parts = text.includes("[") ? text.split(/(\[PAD\]|\[UNK\])/) : [text];
  for (const part of parts) {
    const special = specialTokens.indexOf(part);
    if (special >= 0) ids.push(special);
    else
      for (const word of words(part, tokenizer.lowercase)) {
        let pieces = known.get(word);
        if (pieces === undefined) {
          pieces = spell(tokenizer, word);
          if (known.size >= mostSpelled) known.clear();
          known.set(word, pieces);
        }
        for (const id of pieces) ids.push(id);
      }
    if (maxLength !== undefined && ids.length >= maxLength) return ids.slice(0, maxLength);
  }
  return ids;
}

/** Pieces of words already met. Forgotten as a whole when full, so that endless input needs no endless memory. */
const memory = new WeakMap<Tokenizer, Map<string, readonly number[]>>();
const mostSpelled = 200_000;

function spelled(tokenizer: Tokenizer): Map<string, readonly number[]> {
  let known = memory.get(tokenizer);
  if (known === undefined) {
    known = new Map();
    memory.set(tokenizer, known);
  }
  return known;
}

/** The longest piece first, from left to right; a word with a rest that no piece begins is unknown as a whole. */
function spell({ ids }: Tokenizer, word: string): readonly number[] {
  const whole = ids.get(word);
  const characters = word.length > longestWord || whole === undefined ? [...word] : [];
  if (characters.length > longestWord) return [unknownId];
  if (whole !== undefined) return [whole];
  const pieces: number[] = [];
  for (let start = 0; start < characters.length; ) {
    let end = characters.length;
    let id: number | undefined;
    for (; end > start; end--) {
      id = ids.get((start > 0 ? continuation : "") + characters.slice(start, end).join(""));
      if (id !== undefined) break;
    }
    if (id === undefined) return [unknownId];
    pieces.push(id);
    start = end;
  }
  return pieces;
}
