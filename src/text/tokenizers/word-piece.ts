// Bert's WordPiece as a tokenizer. White space and, where so wanted, capitals do not come back.
import { decode, textOfId } from "../word-piece/decode.js";
import { encode, encodeWithOffsets } from "../word-piece/encode.js";
import type { WordPieceVocabulary } from "../word-piece/vocabulary.js";
import { vocabularyToJson } from "../word-piece/vocabulary-json.js";
import { findRoles, type Tokenizer } from "./tokenizer.js";

/**
 * @example
 * const tokenizer = createWordPiece(createTokenizer(["[PAD]", "[UNK]", "good", "##ness"]));
 * tokenizer.decode(tokenizer.encode("Goodness")); // "goodness"
 */
export function createWordPiece(vocabulary: WordPieceVocabulary): Tokenizer {
  const specials = new Map(vocabulary.specials.map((name, id) => [name, id]));
  return {
    kind: "wordpiece",
    vocabSize: vocabulary.tokens.length,
    specials,
    roles: findRoles(specials),
    encode: (text, maxLength) => Int32Array.from(encode(vocabulary, text, maxLength)),
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
    toJson: () => vocabularyToJson(vocabulary),
  };
}
