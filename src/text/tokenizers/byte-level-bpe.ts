// Byte-level byte-pair encoding as GPT-2 has it: any text, no unknown characters. Knows no files and no training.
// Source: Radford et al. (2019), "Language models are unsupervised multitask learners".
import { UserError } from "../../base/errors.js";
import { createPairTable, numberOfPair } from "../pair-table.js";
import { specialTokenFinder } from "../special-tokens.js";
import { createWordMemory, rememberWord } from "../word-memory.js";
import { byteCharacters, tokenBytesOf } from "./byte-alphabet.js";
import { utf8DecodeStream } from "./decode-stream.js";
import { append, createIdList, type IdList, reserve, take } from "./id-list.js";
import { type Merges, mergePairs, mostMerges } from "./merge-pairs.js";
import { pieceEnd } from "./split-pieces.js";
import { findRoles, firstIds, type PlacedIds, type Tokenizer } from "./tokenizer.js";
import { byteLevelBpeJson } from "./tokenizer-files.js";

/** A vocabulary of byte-level BPE, as data. */
export interface ByteLevelBpeVocabulary {
  /** By id; in GPT-2's notation for bytes, except for special tokens. */
  tokens: readonly (string | undefined)[];
  /** Pairs of ids in the order in which they are merged. */
  merges: readonly (readonly [left: number, right: number])[];
  specials: ReadonlyMap<string, number>;
  /** A piece that is itself a token becomes that token, whatever merges would give. Default false, as in GPT-2. */
  ignoreMerges?: boolean;
}

/** Longer pieces, in UTF-16 units, hardly come again: they are spelled each time. */
const longestRemembered = 64;

/**
 * @throws UserError when a byte has no token, or a merge makes a token that does not exist.
 * @example
 * const tokenizer = createByteLevelBpe(vocabulary);
 * tokenizer.decode(tokenizer.encode("Any text. 😀")); // "Any text. 😀"
 */
export function createByteLevelBpe(vocabulary: ByteLevelBpeVocabulary): Tokenizer {
  const { tokens, specials, ignoreMerges = false } = vocabulary;
  const idOf = new Map<string, number>();
  for (const [id, token] of tokens.entries()) if (token !== undefined) idOf.set(token, id);
  const bytes = bytesOfTokens(tokens, specials);
  const byteIds = Int32Array.from(byteCharacters, (character, byte) => {
    const id = idOf.get(character);
    if (id === undefined)
      throw new UserError(
        `The vocabulary has no token for byte ${byte} (${character}), so it cannot encode every text.`,
      );
    return id;
  });
  const merges = indexMerges(vocabulary, idOf);
  const memory = createWordMemory(spell);
  const findSpecials = specialTokenFinder(specials);
  const collected = createIdList();

  function spell(piece: string): Int32Array {
    const utf8 = Buffer.from(piece, "utf8"); // half of a surrogate pair becomes U+FFFD
    if (ignoreMerges) {
      const whole = idOf.get(Array.from(utf8, (byte) => byteCharacters[byte]).join(""));
      if (whole !== undefined) return Int32Array.of(whole);
    }
    const symbols = Int32Array.from(utf8, (byte) => byteIds[byte]);
    return symbols.subarray(0, mergePairs(merges, symbols));
  }

  function encodePieces(text: string, from: number, to: number, ids: IdList, ends?: IdList): void {
    for (let at = from; at < to; ) {
      const end = pieceEnd(text, at, to);
      const isShort = end - at <= longestRemembered;
      const number = isShort ? rememberWord(memory, text, at, end) : -1;
      const pieces = isShort ? memory.pieces : spell(text.slice(at, end));
      const first = isShort ? memory.piecesAt[number] : 0;
      const last = isShort ? memory.piecesAt[number + 1] : pieces.length;
      reserve(ids, last - first);
      for (let k = first; k < last; k++) ids.values[ids.length++] = pieces[k];
      if (ends) append(ends, end);
      at = end;
    }
  }

  function encode(text: string, maxLength?: number): Int32Array {
    findSpecials(text, (from, to, special) => {
      if (special >= 0) append(collected, special);
      else encodePieces(text, from, to, collected);
    });
    return firstIds(take(collected), maxLength);
  }

  function encodeWithOffsets(text: string): PlacedIds {
    const ids = encode(text);
    const starts = new Int32Array(ids.length);
    const ends = new Int32Array(ids.length);
    let k = 0;
    findSpecials(text, (from, to, special) => {
      if (special >= 0) {
        starts[k] = from;
        ends[k++] = to;
      } else k = placeIds(text, from, to, ids, k, bytes, starts, ends);
    });
    return { ids, starts, ends };
  }

  function bytesOf(id: number): Uint8Array {
    const found = bytes[id];
    if (found === undefined)
      throw new UserError(`Id ${id} is not in this vocabulary; its ids are 0 to ${tokens.length - 1}.`);
    return found;
  }

  return {
    kind: "bpe",
    vocabSize: tokens.length,
    specials,
    roles: findRoles(specials),
    encode,
    encodeWithOffsets,
    decode: (ids) => Buffer.concat(Array.from(ids, bytesOf)).toString("utf8"),
    decodeStream: () => utf8DecodeStream(bytesOf),
    tokenBytes: bytesOf,
    tokenToId: (token) => idOf.get(token),
    idToToken: (id) => tokens[id],
    toJson: () => byteLevelBpeJson(vocabulary),
  };
}

/** The places of ids[k...], which spell units [from, to) of the text: characters are walked beside the tokens' bytes. */
function placeIds(
  text: string,
  from: number,
  to: number,
  ids: Int32Array,
  first: number,
  bytes: readonly (Uint8Array | undefined)[],
  starts: Int32Array,
  ends: Int32Array,
): number {
  let k = first;
  let at = from;
  let width = unitsAt(text, at, to);
  /** Bytes of the character at `at` that earlier ids have. */
  let used = 0;
  while (at < to) {
    let left = bytes[ids[k]]!.length;
    starts[k] = at;
    while (left > 0) {
      const step = Math.min(left, utf8Length(text, at, width) - used);
      left -= step;
      used += step;
      ends[k] = at + width;
      if (used < utf8Length(text, at, width)) continue;
      used = 0;
      at += width;
      width = at < to ? unitsAt(text, at, to) : 0;
    }
    k++;
  }
  return k;
}

/** 2 for a surrogate pair. */
function unitsAt(text: string, at: number, to: number): number {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && at + 1 < to && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
    ? 2
    : 1;
}

function utf8Length(text: string, at: number, units: number): number {
  if (units === 2) return 4;
  const unit = text.charCodeAt(at);
  return unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
}

function bytesOfTokens(
  tokens: readonly (string | undefined)[],
  specials: ReadonlyMap<string, number>,
): (Uint8Array | undefined)[] {
  const isSpecial = new Set(specials.values());
  return tokens.map((token, id) =>
    // Tokens outside the byte alphabet can be in a vocabulary from elsewhere; no merge makes them.
    token === undefined
      ? undefined
      : isSpecial.has(id)
        ? new Uint8Array()
        : (tokenBytesOf(token) ?? Buffer.from(token)),
  );
}

function indexMerges({ tokens, merges }: ByteLevelBpeVocabulary, idOf: ReadonlyMap<string, number>): Merges {
  if (merges.length > mostMerges)
    throw new UserError(`A vocabulary can have ${mostMerges} merges, not ${merges.length}.`);
  const pairs = createPairTable(merges.length);
  const merged = new Int32Array(merges.length);
  for (const [rank, [left, right]] of merges.entries()) {
    const id = idOf.get(`${tokens[left]}${tokens[right]}`);
    if (id === undefined)
      throw new UserError(`Merge ${rank} makes '${tokens[left]}${tokens[right]}', which is not in the vocabulary.`);
    if (numberOfPair(pairs, left, right) !== rank)
      throw new UserError(`Merge ${rank} ('${tokens[left]}' and '${tokens[right]}') appears twice.`);
    merged[rank] = id;
  }
  return { pairs, merged };
}
