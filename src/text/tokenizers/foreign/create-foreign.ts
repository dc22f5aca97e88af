// A tokenizer of any arrangement, put together of the parts that its tokenizer.json names. Computes what the Python package
// tokenizers 0.23 computes, or refuses the file; places of tokens are not kept.
import { UserError } from "../../../base/errors.js";
import { createWordMemory, rememberWord } from "../../word-memory.js";
import { tokenBytesOf } from "../byte-alphabet.js";
import { append, createIdList, type IdList, reserve, take } from "../id-list.js";
import { findRoles, firstIds, type Tokenizer } from "../tokenizer.js";
import { addedTokenFinder, addedTokensOf } from "./added-tokens.js";
import { decoderOf, fallbackByte } from "./decoders.js";
import { modelOf } from "./models.js";
import { normalizerOf } from "./normalizers.js";
import { checkDepth, isRecord, type Json, refuse, shown } from "./part.js";
import { preTokenizerOf } from "./pre-tokenizers.js";

/** Longer pieces, in UTF-16 units, hardly come again: they are spelled each time. */
const longestRemembered = 64;

/**
 * @param file - a parsed tokenizer.json.
 * @throws UserError that names the part which is not computed here as in Python.
 */
export function createForeign(file: Json): Tokenizer {
  const model = modelOf(file.model);
  const added = addedTokensOf(file, model.ids);
  const hasNormalizer = file.normalizer !== null && file.normalizer !== undefined;
  const normalize = normalizerOf(file.normalizer);
  const normalized = added.filter((token) => token.normalized);
  // Places in the normalized text are asked for after tokens found there.
  const preTokenize = preTokenizerOf(file.pre_tokenizer, !hasNormalizer);
  if (hasNormalizer && normalized.length > 0 && JSON.stringify(file.pre_tokenizer)?.includes('"first"'))
    refuse(
      "pre_tokenizer",
      "(Metaspace) has the prepend_scheme first together with a normalizer and normalized added tokens",
    );
  const decoder = decoderOf(file.decoder);
  const raw = added.filter((token) => !token.normalized);
  const findRaw = addedTokenFinder(raw, contents(raw));
  const spellings = normalized.map(({ content }) => normalize(content));
  const findNormalized = addedTokenFinder(normalized, spellings);
  const memory = createWordMemory(model.spell);
  const collected = createIdList();

  const ids = new Map([...model.ids, ...added.map(({ content, id }) => [content, id] as const)]);
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of ids) tokens[id] = token;
  /** How ids are decoded: tokens found in the normalized text come back in its spelling. */
  const decodedAs = [...tokens];
  for (const [i, { id }] of normalized.entries()) decodedAs[id] = spellings[i];
  const specials = new Map(added.filter(({ special }) => special).map(({ content, id }) => [content, id]));
  const isSpecial = new Set(specials.values());

  function encode(text: string, maxLength?: number): Int32Array {
    const wellFormed = text.replace(/\p{Cs}/gu, "\ufffd");
    findRaw(wellFormed, (special, from, to) => {
      if (special >= 0) return append(collected, special);
      const part = normalize(wellFormed.slice(from, to));
      findNormalized(part, (token, begin, end) => {
        if (token >= 0) return append(collected, token);
        const piece = { text: part.slice(begin, end), isFirst: from === 0 && begin === 0 };
        if (piece.text !== "") for (const { text } of preTokenize([piece])) addIds(text, collected);
      });
    });
    return firstIds(take(collected), maxLength);
  }

  function addIds(piece: string, list: IdList): void {
    const isShort = piece.length <= longestRemembered;
    const number = isShort ? rememberWord(memory, piece, 0, piece.length) : -1;
    const pieces = isShort ? memory.pieces : model.spell(piece);
    const first = isShort ? memory.piecesAt[number] : 0;
    const last = isShort ? memory.piecesAt[number + 1] : pieces.length;
    reserve(list, last - first);
    for (let k = first; k < last; k++) list.values[list.length++] = pieces[k];
  }

  function tokenOf(id: number): string {
    const token = decodedAs[id];
    if (token !== undefined) return token;
    throw new UserError(`Id ${id} is not in this vocabulary; its ids are 0 to ${tokens.length - 1}.`);
  }

  function textOf(list: ArrayLike<number>): string {
    const said = Array.from(list)
      .map((id) => (isSpecial.has(id) ? undefined : tokenOf(id)))
      .filter((token) => token !== undefined);
    return said.length === 0 ? "" : decoder.decode(said).join("");
  }

  return {
    kind: "foreign",
    vocabSize: tokens.length,
    specials,
    roles: findRoles(specials),
    encode,
    encodeWithOffsets: (text) => ({ ids: encode(text) }),
    decode: textOf,
    decodeStream() {
      const list: number[] = [];
      let said = "";
      const rest = (isLast: boolean) => {
        const text = textOf(list);
        // A character that is not whole yet shows as U+FFFD at the end.
        const sure = isLast ? text.length : text.replace(/\ufffd+$/, "").length;
        const more = text.slice(said.length, sure);
        said += more;
        return more;
      };
      return {
        push(id) {
          list.push(id);
          return rest(false);
        },
        end: () => rest(true),
      };
    },
    tokenBytes(id) {
      const token = tokenOf(id);
      if (isSpecial.has(id)) return new Uint8Array();
      const byte = decoder.fallsBack ? fallbackByte(token) : undefined;
      if (byte !== undefined) return Uint8Array.of(byte);
      if (decoder.spellsBytes) return tokenBytesOf(token) ?? Buffer.from(token);
      // What it adds inside a text: decoders treat the first token in their own way.
      const before = decoder.decode(["a"]).join("");
      return Buffer.from(decoder.decode(["a", token]).join("").slice(before.length));
    },
    tokenToId: (token) => ids.get(token),
    idToToken: (id) => tokens[id],
    toJson: () => JSON.stringify(file),
  };
}

const contents = (list: readonly { content: string }[]) => list.map(({ content }) => content);

/** How texts are cut off, filled up and framed is left to whoever makes batches; everything else must be known. */
const known = new Set([
  ...["version", "truncation", "padding", "post_processor"],
  ...["added_tokens", "normalizer", "pre_tokenizer", "model", "decoder"],
]);

const processors = new Set<unknown>([
  "TemplateProcessing",
  "BertProcessing",
  "RobertaProcessing",
  "ByteLevel",
  "Sequence",
]);

/** @throws UserError for fields that the layout does not have. */
export function checkFields(file: Json): void {
  checkDepth(file);
  for (const [name, value] of Object.entries(file)) {
    if (!known.has(name)) refuse("the file", `has the unknown field ${name}: ${shown(value)}`);
    const type = name === "post_processor" && isRecord(value) ? value.type : undefined;
    if (type !== undefined && !processors.has(type))
      refuse(name, `is of the type ${shown(type)}, which is not supported`);
    if (name === "version" && value !== "1.0") refuse("the file", `has the version ${shown(value)}, not 1.0`);
  }
}
