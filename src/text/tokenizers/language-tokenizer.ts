// What every tokenizer of a language model can do. Knows no kind of tokenizer.

/** Texts to ids and back. Made by `loadTokenizer`, `trainByteLevelBpe`, `trainWordPiece` and `trainCharacters`. */
export interface LanguageTokenizer {
  kind: "bpe" | "wordpiece" | "characters" | "foreign";
  /** Ids are whole numbers below it. */
  vocabSize: number;
  /** Tokens with a meaning of their own, such as `<|endoftext|>`. Written out in a text, they are these ids too. */
  specials: ReadonlyMap<string, number>;
  /** Ids of special tokens by what they are for; undefined where the vocabulary has none. */
  roles: SpecialRoles;
  /**
   * The ids of a text, without any added at its ends. Takes time in proportion to the text, however long. Half a
   * surrogate pair counts as U+FFFD (WordPiece drops it).
   */
  encode(text: string): Int32Array;
  /** The same ids, and the place of each in the text. */
  encodeWithOffsets(text: string): PlacedIds;
  /**
   * The text of ids; special tokens are left out. Byte-level BPE and, but for unknown ones, characters come back as they
   * were; bytes that are no UTF-8 become U+FFFD.
   *
   * @throws UserError for an id that is not of the vocabulary.
   */
  decode(ids: ArrayLike<number>): string;
  /** Text as ids come, one by one: what `decode` gives for all of them. */
  decodeStream(): DecodeStream;
  /** What the id adds to a text, in UTF-8: nothing for a special token, a part of a character for some ids of BPE. */
  tokenBytes(id: number): Uint8Array;
  tokenToId(token: string): number | undefined;
  /** As it stands in tokenizer.json: " the" is "Ġthe" in byte-level BPE. */
  idToToken(id: number): string | undefined;
  /** A tokenizer.json of the Hugging Face layout, from which `loadTokenizer` makes the same tokenizer. */
  toJson(): string;
}

export interface SpecialRoles {
  endOfText?: number;
  unknown?: number;
  padding?: number;
  mask?: number;
}

/**
 * Ids and where each stood: UTF-16 units [starts[i], ends[i]) of the text, as `text.slice` wants them. Ids that share a
 * character (byte-level BPE spells rare ones in several) each have the whole of it.
 */
export interface PlacedIds {
  ids: Int32Array;
  /** Undefined for a foreign arrangement, whose parts keep no places. */
  starts?: Int32Array;
  ends?: Int32Array;
}

export interface DecodeStream {
  /** The text that is certain now: characters that are not whole yet wait. */
  push(id: number): string;
  /** What waited. */
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

/** Ids that a writer never writes: special tokens but the end of a text, and ids of the model that are no tokens. */
export function unwritableIds({ specials, roles, vocabSize }: LanguageTokenizer, modelVocabSize: number): number[] {
  const beyond = Array.from({ length: Math.max(0, modelVocabSize - vocabSize) }, (_, i) => vocabSize + i);
  return [...specials.values()].filter((id) => id !== roles.endOfText).concat(beyond);
}
