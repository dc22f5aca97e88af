// One id a character (code point). Knows no files and no training.
import { UserError } from "../../base/errors.js";
import { specialTokenFinder } from "../special-tokens.js";
import { append, createIdList, type IdList, take } from "./id-list.js";
import { findRoles, firstIds, type Tokenizer } from "./tokenizer.js";
import { charactersJson } from "./tokenizer-files.js";

/** A vocabulary of characters, as data. */
export interface CharacterVocabulary {
  /** By id: special tokens, and single code points. */
  tokens: readonly (string | undefined)[];
  specials: ReadonlyMap<string, number>;
  /** The id for unknown characters, one of the special tokens'. */
  unknownId: number;
}

/**
 * @example
 * const tokenizer = createCharacters({ tokens: ["<unk>", "a", "b"], specials: new Map([["<unk>", 0]]), unknownId: 0 });
 * tokenizer.encode("abc"); // Int32Array [1, 2, 0]
 */
export function createCharacters(vocabulary: CharacterVocabulary): Tokenizer {
  const { tokens, specials, unknownId } = vocabulary;
  const isSpecial = new Set(specials.values());
  const idOf = new Map<string, number>();
  /** By code point; 0 is "not there", so that ids are one more. */
  const byCodePoint = new Int32Array(0x110000);
  for (const [id, token] of tokens.entries()) {
    if (token === undefined) continue;
    idOf.set(token, id);
    if (!isSpecial.has(id)) byCodePoint[token.codePointAt(0)!] = id + 1;
  }
  const findSpecials = specialTokenFinder(specials);
  const collected = createIdList();

  function encodeInto(text: string, ids: IdList, starts?: IdList, ends?: IdList): void {
    const add = (id: number, from: number, to: number): void => {
      append(ids, id);
      if (!starts || !ends) return;
      append(starts, from);
      append(ends, to);
    };
    findSpecials(text, (from, to, special) => {
      if (special >= 0) return add(special, from, to);
      for (let at = from; at < to; ) {
        const code = text.codePointAt(at)!;
        const end = at + (code > 0xffff ? 2 : 1);
        // Half of a surrogate pair is no character: it counts as U+FFFD.
        const known = byCodePoint[code >= 0xd800 && code < 0xe000 ? 0xfffd : code];
        add(known > 0 ? known - 1 : unknownId, at, end);
        at = end;
      }
    });
  }

  function textOf(id: number): string {
    const token = tokens[id];
    if (token === undefined)
      throw new UserError(`Id ${id} is not in this vocabulary; its ids are 0 to ${tokens.length - 1}.`);
    return isSpecial.has(id) ? "" : token;
  }

  return {
    kind: "characters",
    vocabSize: tokens.length,
    specials,
    roles: { ...findRoles(specials), unknown: unknownId },
    encode(text, maxLength) {
      encodeInto(text, collected);
      return firstIds(take(collected), maxLength);
    },
    encodeWithOffsets(text) {
      const [starts, ends] = [createIdList(), createIdList()];
      encodeInto(text, collected, starts, ends);
      return { ids: take(collected), starts: take(starts), ends: take(ends) };
    },
    decode: (ids) => Array.from(ids, textOf).join(""),
    decodeStream: () => ({ push: textOf, end: () => "" }),
    tokenBytes: (id) => Buffer.from(textOf(id)),
    tokenToId: (token) => idOf.get(token),
    idToToken: (id) => tokens[id],
    toJson: () => charactersJson(vocabulary),
  };
}
