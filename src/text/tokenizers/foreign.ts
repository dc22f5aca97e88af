// Tokenizers of any other arrangement, through the library of their makers. Knows no arrangement itself.
import { Tokenizer } from "@huggingface/tokenizers";
import { UserError } from "../../base/errors.js";
import { findRoles, type LanguageTokenizer } from "./language-tokenizer.js";

/**
 * @param file - a parsed tokenizer.json.
 * @throws UserError when the library cannot make a tokenizer of it.
 */
export function createForeign(file: Record<string, unknown>): LanguageTokenizer {
  const tokenizer = open(file);
  const vocabulary = tokenizer.get_vocab(true);
  const specials = new Map<string, number>();
  for (const [id, token] of tokenizer.get_added_tokens_decoder()) if (token.special) specials.set(token.content, id);
  const isSpecial = new Set(specials.values());
  let vocabSize = 0;
  for (const id of vocabulary.values()) vocabSize = Math.max(vocabSize, id + 1);

  function textOf(ids: ArrayLike<number>): string {
    const list = Array.from(ids);
    const wrong = list.find((id) => tokenizer.id_to_token(id) === undefined);
    if (wrong !== undefined)
      throw new UserError(`Id ${wrong} is not in this vocabulary; its ids are 0 to ${vocabSize - 1}.`);
    const said = list.filter((id) => !isSpecial.has(id));
    return said.length === 0 ? "" : tokenizer.decode(said, { clean_up_tokenization_spaces: false });
  }
  return {
    kind: "foreign",
    vocabSize,
    specials,
    roles: findRoles(specials),
    encode: (text) => Int32Array.from(tokenizer.encode(text, { add_special_tokens: false }).ids),
    encodeWithOffsets: (text) => ({
      ids: Int32Array.from(tokenizer.encode(text, { add_special_tokens: false }).ids),
    }),
    decode: textOf,
    decodeStream() {
      const ids: number[] = [];
      let said = "";
      const rest = (isLast: boolean) => {
        const text = textOf(ids);
        // A character that is not whole yet shows as U+FFFD at the end.
        const sure = isLast ? text.length : text.replace(/\ufffd+$/, "").length;
        const more = text.slice(said.length, sure);
        said += more;
        return more;
      };
      return {
        push(id) {
          ids.push(id);
          return rest(false);
        },
        end: () => rest(true),
      };
    },
    tokenBytes: (id) => bytesOf(tokenizer.id_to_token(id), isSpecial.has(id), id),
    tokenToId: (token) => tokenizer.token_to_id(token),
    idToToken: (id) => tokenizer.id_to_token(id),
    toJson: () => JSON.stringify(file),
  };
}

function open(file: Record<string, unknown>): Tokenizer {
  try {
    return new Tokenizer(file, {});
  } catch (error) {
    throw new UserError(`This tokenizer.json cannot be used: ${(error as Error).message}.`, { cause: error });
  }
}

/** As SentencePiece writes tokens: "▁" for a space, <0x0A> for a byte. */
function bytesOf(token: string | undefined, isSpecial: boolean, id: number): Uint8Array {
  if (token === undefined) throw new UserError(`Id ${id} is not in this vocabulary.`);
  if (isSpecial) return new Uint8Array();
  const byte = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1];
  return byte === undefined ? Buffer.from(token.replaceAll("▁", " ")) : Uint8Array.of(Number.parseInt(byte, 16));
}
