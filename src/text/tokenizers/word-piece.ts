// Bert's WordPiece as a language model's tokenizer. White space and, where so wanted, capitals do not come back.
import { decode, textOfId } from "../decode.js";
import { encode, encodeWithOffsets } from "../encode.js";
import type { Tokenizer } from "../tokenizer.js";
import { toTokenizerJson } from "../tokenizer-json.js";
import { findRoles, type LanguageTokenizer } from "./language-tokenizer.js";

/**
 * @example
 * const tokenizer = createWordPiece(createTokenizer(["[PAD]", "[UNK]", "good", "##ness"]));
 * tokenizer.decode(tokenizer.encode("Goodness")); // "goodness"
 */
export function createWordPiece(vocabulary: Tokenizer): LanguageTokenizer {
  const specials = new Map(vocabulary.specials.map((name, id) => [name, id]));
  return {
    kind: "wordpiece",
    vocabSize: vocabulary.tokens.length,
    specials,
    roles: findRoles(specials),
    encode: (text) => Int32Array.from(encode(vocabulary, text)),
    encodeWithOffsets(text) {
      const { ids, starts, ends } = encodeWithOffsets(vocabulary, text);
      return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
    },
    decode: (ids) => decode(vocabulary, ids),
    decodeStream() {
      let isFirst = true;
      return {
        push(id) {
          const text = textOfId(vocabulary, id, isFirst);
          if (text !== "") isFirst = false;
          return text;
        },
        end: () => "",
      };
    },
    tokenBytes: (id) => Buffer.from(textOfId(vocabulary, id, false)),
    tokenToId: (token) => vocabulary.ids.get(token),
    idToToken: (id) => vocabulary.tokens[id],
    toJson: () => toTokenizerJson(vocabulary),
  };
}
