// A vocabulary of the characters of texts.
import { CancelledError, UserError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import { createCharacters } from "./characters.js";
import type { TextBatches } from "./count-words.js";
import type { Tokenizer } from "./tokenizer.js";
import { checkMinCount, checkVocabSize } from "./train-byte-level-bpe.js";

export interface TrainCharactersOptions {
  /** Maximum number of tokens, including special ones; the rarest characters are omitted. Default: all. */
  vocabSize?: number;
  /** Least count of a character. Default 1. */
  minCount?: number;
  /** They get the first ids; the last one is for characters that are not in the vocabulary. */
  specials?: readonly string[];
}

/**
 * The characters (code points) of the texts, in their order, after the special tokens. Half a surrogate pair counts as
 * U+FFFD.
 *
 * @throws UserError for options out of range, and when there is no text; CancelledError after an abort.
 * @example
 * const tokenizer = await trainCharacters([["abba"]]);
 * tokenizer.encode("abc"); // Int32Array [2, 3, 1]: c is unknown
 */
export async function trainCharacters(
  texts: TextBatches,
  options: TrainCharactersOptions = {},
  watch?: Watch,
): Promise<Tokenizer> {
  const { vocabSize = 0x110000, minCount = 1, specials = ["<|endoftext|>", "<unk>"] } = options;
  if (specials.length === 0) throw new UserError("A vocabulary of characters needs a special token for unknown ones.");
  checkVocabSize(vocabSize, specials.length + 1, "the special tokens and a character");
  checkMinCount(minCount);
  const counts = new Float64Array(0x110000);
  for await (const batch of texts) {
    if (watch?.signal?.aborted) throw new CancelledError("Stopped while counting characters.");
    for (const text of batch)
      for (let at = 0; at < text.length; at++) {
        const code = text.codePointAt(at)!;
        if (code > 0xffff) at++;
        counts[code >= 0xd800 && code < 0xe000 ? 0xfffd : code]++;
      }
  }
  const met: number[] = [];
  for (let code = 0; code < counts.length; code++) if (counts[code] >= minCount) met.push(code);
  if (met.length === 0) throw new UserError("There is no text to learn a vocabulary from.");
  const kept = met.sort((a, b) => counts[b] - counts[a] || a - b).slice(0, vocabSize - specials.length);
  const characters = kept.sort((a, b) => a - b).map((code) => String.fromCodePoint(code));
  return createCharacters({
    tokens: [...specials, ...characters],
    specials: new Map(specials.map((name, id) => [name, id])),
    unknownId: specials.length - 1,
  });
}
