// tokenizer.json, in the layout of the Hugging Face tokenizers library: what we write, and how to tell it again.
// Knows the arrangements that we compute ourselves; how a text is filled up or cut off is left to whoever makes batches.
import { isDeepStrictEqual } from "node:util";
import type { ByteLevelBpeVocabulary } from "./byte-level-bpe.js";
import type { CharacterVocabulary } from "./characters.js";
import { addedTokensOf } from "./foreign/index.js";

type Json = Record<string, unknown>;

/** The parts of a tokenizer.json that say what a text becomes. */
interface TokenizerFile {
  added_tokens: AddedToken[];
  normalizer: unknown;
  pre_tokenizer: unknown;
  decoder: unknown;
  model: Json;
}

interface AddedToken {
  id: number;
  content: string;
  single_word: boolean;
  lstrip: boolean;
  rstrip: boolean;
  normalized: boolean;
  special: boolean;
}

/** GPT-2's arrangement; `use_regex` is its pattern. */
const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: true };

export function byteLevelBpeJson({ tokens, merges, specials, ignoreMerges = false }: ByteLevelBpeVocabulary): string {
  return fileText({
    added_tokens: addedTokens(specials),
    normalizer: null,
    pre_tokenizer: byteLevel,
    decoder: byteLevel,
    model: bpeModel({
      ignore_merges: ignoreMerges,
      vocab: vocabOf(tokens),
      // No token of bytes holds a space, and this spelling is read by every version of the library.
      merges: merges.map(([left, right]) => `${tokens[left]} ${tokens[right]}`),
    }),
  });
}

/** Characters are a byte-pair vocabulary without merges, over the whole text. */
export function charactersJson({ tokens, specials, unknownId }: CharacterVocabulary): string {
  return fileText({
    added_tokens: addedTokens(specials),
    normalizer: null,
    pre_tokenizer: null,
    decoder: { type: "Fuse" },
    model: bpeModel({ unk_token: tokens[unknownId], vocab: vocabOf(tokens), merges: [] }),
  });
}

/** Undefined when the file is of another arrangement. */
export function readByteLevelBpe(file: Json): ByteLevelBpeVocabulary | undefined {
  const read = readFile(file);
  if (read?.model.type !== "BPE" || read.normalizer) return undefined;
  if (!isByteLevel(read.pre_tokenizer) || (read.decoder as Json | null)?.type !== "ByteLevel") return undefined;
  const { dropout, continuing_subword_prefix: prefix, end_of_word_suffix: suffix, merges } = read.model;
  if (dropout || prefix || suffix || !Array.isArray(merges)) return undefined;
  const pairs: [number, number][] = [];
  for (const merge of merges) {
    const parts = typeof merge === "string" ? merge.split(" ") : (merge as unknown[]);
    if (!Array.isArray(parts) || parts.length !== 2) return undefined;
    const [left, right] = parts.map((part) => read.ids.get(part as string));
    if (left === undefined || right === undefined) return undefined;
    pairs.push([left, right]);
  }
  const { tokens, specials } = read;
  return { tokens, specials, merges: pairs, ignoreMerges: read.model.ignore_merges === true };
}

/** Undefined when the file is of another arrangement. */
export function readCharacters(file: Json): CharacterVocabulary | undefined {
  const read = readFile(file);
  if (read?.model.type !== "BPE" || read.normalizer || read.pre_tokenizer) return undefined;
  const { dropout, continuing_subword_prefix: prefix, end_of_word_suffix: suffix } = read.model;
  const { merges, unk_token: unknown, fuse_unk: fuses, byte_fallback: fallsBack } = read.model;
  if (dropout || prefix || suffix || fuses || fallsBack || !isDeepStrictEqual(merges, [])) return undefined;
  if (!isDeepStrictEqual(read.decoder, { type: "Fuse" })) return undefined;
  const { tokens, specials } = read;
  const unknownId = specials.get(String(unknown));
  const isSpecial = new Set(specials.values());
  if (unknownId === undefined) return undefined;
  if (tokens.some((token, id) => token !== undefined && !isSpecial.has(id) && [...token].length !== 1))
    return undefined;
  return { tokens, specials, unknownId };
}

interface ReadFile extends TokenizerFile {
  tokens: (string | undefined)[];
  ids: Map<string, number>;
  specials: Map<string, number>;
}

/** The vocabulary by id, special tokens with it; undefined where tokens are added that are not plain special ones. */
function readFile(file: Json): ReadFile | undefined {
  const { model, added_tokens: added = [] } = file;
  if (!isRecord(model) || !isRecord(model.vocab) || !Array.isArray(added)) return undefined;
  const ids = new Map<string, number>();
  const specials = new Map<string, number>();
  for (const [token, id] of Object.entries(model.vocab)) ids.set(token, id as number);
  for (const token of added as AddedToken[]) {
    if (!isRecord(token) || typeof token.content !== "string" || token.content === "") return undefined;
    if (token.lstrip || token.rstrip || token.single_word || !token.special) return undefined;
    specials.set(token.content, token.id);
  }
  // Tokens found before and after a text is normalized are looked for one after the other.
  const tokensAdded = addedTokensOf(file, ids);
  if (tokensAdded.some(({ normalized }) => normalized !== tokensAdded[0].normalized)) return undefined;
  if (Object.keys(model).some((name) => !modelFields.has(name))) return undefined;
  for (const [token, id] of specials) ids.set(token, id);
  const tokens = new Array<string | undefined>(ids.size).fill(undefined);
  for (const [token, id] of ids) {
    // Gaps are as rare as they are odd: files with any are put together of their parts.
    if (!Number.isInteger(id) || id < 0 || id >= tokens.length || tokens[id] !== undefined) return undefined;
    tokens[id] = token;
  }
  return { ...(file as unknown as TokenizerFile), model, tokens, ids, specials };
}

const modelFields = new Set([...Object.keys(bpeModel({})), "vocab", "merges"]);

function isByteLevel(part: unknown): boolean {
  const { type, add_prefix_space: addsSpace, use_regex: usesPattern = true } = (part ?? {}) as Json;
  return type === "ByteLevel" && addsSpace === false && usesPattern === true;
}

function bpeModel(settings: Json): Json {
  return {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    ...settings,
  };
}

function vocabOf(tokens: readonly (string | undefined)[]): Record<string, number> {
  // fromEntries defines properties, so that a token "__proto__" is a key like any other.
  return Object.fromEntries(tokens.flatMap((token, id) => (token === undefined ? [] : [[token, id]])));
}

function addedTokens(specials: ReadonlyMap<string, number>): AddedToken[] {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return [...specials].map(([content, id]) => ({ id, content, ...flags }));
}

function fileText({ added_tokens, normalizer, pre_tokenizer, decoder, model }: TokenizerFile): string {
  const parts = { added_tokens, normalizer, pre_tokenizer, post_processor: null, decoder, model };
  return `${JSON.stringify({ version: "1.0", truncation: null, padding: null, ...parts }, null, 1)}\n`;
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
