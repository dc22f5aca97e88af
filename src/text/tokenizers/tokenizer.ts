// What every tokenizer can do. Knows no kind of tokenizer.

/** Converts texts to ids and back. Made by `loadTokenizer`, `trainByteLevelBpe`, `trainWordPiece` and `trainCharacters`. */
export interface Tokenizer {
  kind: "bpe" | "wordpiece" | "characters" | "foreign";
  /** Ids are whole numbers below this. */
  vocabSize: number;
  /** Tokens with a special meaning, such as `<|endoftext|>`. Written in a text, they get these ids too. */
  specials: ReadonlyMap<string, number>;
  /** Ids of special tokens by purpose; undefined if the vocabulary has none. */
  roles: SpecialRoles;
  /**
   * The ids of a text, without special tokens added at its ends. Takes time in proportion to the text, however long. Half a
   * surrogate pair counts as U+FFFD (WordPiece drops it).
   *
   * @param maxLength - keeps the first ids; default: all.
   */
  encode(text: string, maxLength?: number): Int32Array;
  /** The same ids, with the offsets of each in the text. */
  encodeWithOffsets(text: string): PlacedIds;
  /**
   * The text of ids; special tokens are omitted. Byte-level BPE and, except for unknown ones, characters are restored as they
   * were; bytes that are not UTF-8 become U+FFFD.
   *
   * @throws UserError for an id that is not in the vocabulary.
   */
  decode(ids: ArrayLike<number>): string;
  /** Decodes ids one by one, with the same result as `decode` of all of them. */
  decodeStream(): DecodeStream;
  /** The UTF-8 bytes that the id adds to a text: nothing for a special token, a part of a character for some ids of BPE. */
  tokenBytes(id: number): Uint8Array;
  tokenToId(token: string): number | undefined;
  /** As in tokenizer.json: " the" is "Ġthe" in byte-level BPE. */
  idToToken(id: number): string | undefined;
  /** A tokenizer.json of the Hugging Face layout, from which `loadTokenizer` makes the same tokenizer. */
  toJson(): string;
}

/** At most so many of them. @throws RangeError unless that is a whole number of 1 or more */
export function firstIds(ids: Int32Array, maxLength: number | undefined): Int32Array {
  if (maxLength === undefined) return ids;
  if (!(Number.isInteger(maxLength) && maxLength >= 1))
    throw new RangeError(`maxLength must be a whole number of 1 or more, not ${maxLength}.`);
  return ids.length > maxLength ? ids.slice(0, maxLength) : ids;
}

export interface SpecialRoles {
  endOfText?: number;
  unknown?: number;
  padding?: number;
  mask?: number;
}

/**
 * Ids and their offsets: UTF-16 units [starts[i], ends[i]) of the text, as for `text.slice`. Ids that share a
 * character (byte-level BPE spells rare ones in several) each have the whole of it.
 */
export interface PlacedIds {
  ids: Int32Array;
  /** Undefined for other libraries' tokenizers, whose parts do not track offsets. */
  starts?: Int32Array;
  ends?: Int32Array;
}

export interface DecodeStream {
  /** The text complete so far; incomplete characters are held back. */
  push(id: number): string;
  /** The rest of the text. */
  end(): string;
}

/** Which of these tokens has which role; the spellings of GPT-2, Bert and their kin. */
export function findRoles(specials: ReadonlyMap<string, number>): SpecialRoles {
  const first = (...names: string[]) => {
    for (const name of names) if (specials.has(name)) return specials.get(name);
    return undefined;
  };
  return {
    endOfText: first("<|endoftext|>", "<|end_of_text|>", "<|im_end|>", "</s>", "<eos>", "[EOS]", "[SEP]"),
    unknown: first("<unk>", "[UNK]", "<|unknown|>"),
    padding: first("<pad>", "[PAD]", "<|pad|>", "<|padding|>"),
    mask: first("<mask>", "[MASK]", "<|mask|>"),
  };
}

/** The token that says least: that of hidden words, of padding, of unknown words, or the end of a text. */
export function neutralToken({ roles, idToToken }: Tokenizer): { id: number; token: string } | undefined {
  const id = roles.mask ?? roles.padding ?? roles.unknown ?? roles.endOfText;
  return id === undefined ? undefined : { id, token: idToToken(id) ?? "" };
}

/** The ids that end a text. */
export const endsOf = ({ roles: { endOfText } }: Tokenizer): number[] => (endOfText === undefined ? [] : [endOfText]);

/** Ids that are never generated: special tokens except the end of a text, and ids without a token. */
export function unwritableIds(tokenizer: Tokenizer, modelVocabSize: number): number[] {
  const specials = [...tokenizer.specials.values()].filter((id) => id !== tokenizer.roles.endOfText);
  return [...specials, ...nameless(tokenizer, modelVocabSize)];
}

/** Ids without a token: many models have some, so that their number is even. */
export function nameless({ vocabSize, idToToken }: Tokenizer, modelVocabSize: number): number[] {
  return Array.from({ length: Math.max(vocabSize, modelVocabSize) }, (_, id) => id).filter(
    (id) => id >= vocabSize || idToToken(id) === undefined,
  );
}
