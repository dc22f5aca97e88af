// The tokenizer inside a GGUF file as a tokenizer.json, which is then read like any other.
import { UserError } from "../../base/errors.js";
import type { Settings } from "./settings.js";

type Json = Record<string, unknown>;

const byteLevel = (usesPattern: boolean) => ({
  type: "ByteLevel",
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: usesPattern,
});
const sequence = (...pretokenizers: Json[]) => ({ type: "Sequence", pretokenizers });
const pieces = (pattern: string) =>
  sequence({ type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false }, byteLevel(false));
const digits = sequence({ type: "Digits", individual_digits: true }, byteLevel(true));
/** Words with one character before them, numbers of so many digits, marks, line ends, white space: of OpenAI's cl100k_base. */
const words = (numbers: string) =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${numbers}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const llama3 = { pre_tokenizer: pieces(words("\\p{N}{1,3}")), ignoreMerges: true };
const qwen2 = { pre_tokenizer: pieces(words("\\p{N}")), normalizer: { type: "NFC" } };

/** How a text is cut before pairs are merged, by tokenizer.ggml.pre. */
const arrangements: Record<string, { pre_tokenizer: Json; normalizer?: Json; ignoreMerges?: boolean }> = {
  "gpt-2": { pre_tokenizer: byteLevel(true) },
  smollm: { pre_tokenizer: digits },
  starcoder: { pre_tokenizer: digits },
  "llama-bpe": llama3,
  llama3,
  "llama-v3": llama3,
  qwen2,
  "deepseek-r1-qwen": qwen2,
};

/** ggml's kinds of tokens. */
const [control, userDefined] = [3, 4];

/** @throws UserError for a kind of tokenizer that is not read, by its name */
export function ggufTokenizerJson(settings: Settings): string {
  const key = (name: string) => `tokenizer.ggml.${name}`;
  const tokens = settings.need(key("tokens"), settings.texts(key("tokens")));
  const kinds = settings.numbers(key("token_type")) ?? [];
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) if (!ids.has(token)) ids.set(token, id);
  const added = tokens.flatMap((content, id) =>
    (kinds[id] === control || kinds[id] === userDefined) && content !== "" && ids.get(content) === id
      ? [{ id, content, ...flags, special: kinds[id] === control }]
      : [],
  );
  const model = settings.need(key("model"), settings.text(key("model")));
  if (!Object.hasOwn(models, model))
    throw new UserError(
      `This GGUF file has a tokenizer of the kind '${model.slice(0, 40)}', which is not supported (supported: ` +
        `${Object.keys(models).join(", ")}). Use another model.`,
    );
  const parts = models[model](settings, ids, tokens);
  const idOf = (name: string) => settings.number(key(`${name}_token_id`));
  const frame = (name: "bos" | "eos", byDefault: boolean) => {
    const id = idOf(name);
    const isAdded = settings.flag(key(`add_${name}_token`)) ?? byDefault;
    return isAdded && id !== undefined && tokens[id] !== undefined ? [tokens[id]] : [];
  };
  const [before, after] = [frame("bos", parts.begins), frame("eos", false)];
  return JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: parts.normalizer ?? null,
    pre_tokenizer: parts.pre_tokenizer ?? null,
    post_processor: {
      type: "TemplateProcessing",
      single: [...before.map(special), { Sequence: { id: "A", type_id: 0 } }, ...after.map(special)],
      pair: [],
      special_tokens: Object.fromEntries(
        [...before, ...after].map((id) => [id, { id, ids: [ids.get(id)], tokens: [id] }]),
      ),
    },
    decoder: parts.decoder,
    model: {
      type: "BPE",
      dropout: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      vocab: Object.fromEntries(ids),
      ...parts.model,
    },
  });
}

const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });

interface Parts {
  normalizer?: Json;
  pre_tokenizer?: Json;
  decoder: Json;
  model: Json;
  /** Whether the first token is put before a text where the file does not say it. */
  begins: boolean;
}

const models: Record<
  string,
  (settings: Settings, ids: ReadonlyMap<string, number>, tokens: readonly string[]) => Parts
> = {
  /** Byte-level BPE. */
  gpt2(settings) {
    const pre = settings.text("tokenizer.ggml.pre") ?? "gpt-2";
    if (!Object.hasOwn(arrangements, pre))
      throw new UserError(
        `This GGUF file cuts texts as '${pre.slice(0, 40)}' does, which is not supported (supported: ` +
          `${Object.keys(arrangements).join(", ")}). Use another model.`,
      );
    const { pre_tokenizer, normalizer, ignoreMerges = false } = arrangements[pre];
    const merges = settings.need("tokenizer.ggml.merges", settings.texts("tokenizer.ggml.merges"));
    return {
      normalizer,
      pre_tokenizer,
      decoder: byteLevel(true),
      model: { unk_token: null, fuse_unk: false, byte_fallback: false, ignore_merges: ignoreMerges, merges },
      begins: ignoreMerges,
    };
  },
  /** SentencePiece's BPE: the pair is merged first whose token has the best score; what has no token is spelled in bytes. */
  llama(settings, ids, tokens) {
    const scores = settings.need("tokenizer.ggml.scores", settings.numbers("tokenizer.ggml.scores"));
    const unknown = tokens[settings.number("tokenizer.ggml.unknown_token_id") ?? 0];
    const spaced = { type: "Replace", pattern: { String: " " }, content: "▁" };
    const isPrefixed = settings.flag("tokenizer.ggml.add_space_prefix") ?? true;
    const normalizers = isPrefixed ? [{ type: "Prepend", prepend: "▁" }, spaced] : [spaced];
    const stripped = isPrefixed ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : [];
    return {
      normalizer: { type: "Sequence", normalizers },
      decoder: {
        type: "Sequence",
        decoders: [
          { type: "Replace", pattern: { String: "▁" }, content: " " },
          { type: "ByteFallback" },
          { type: "Fuse" },
          ...stripped,
        ],
      },
      model: {
        unk_token: unknown,
        fuse_unk: true,
        byte_fallback: true,
        ignore_merges: false,
        merges: mergesByScore(ids, scores),
      },
      begins: true,
    };
  },
};

/** No token that is merged is longer, in UTF-16 units. */
const longestToken = 256;

/** All pairs of tokens that make a token, the best score first. Source: `generate_merges` of Python's transformers. */
function mergesByScore(ids: ReadonlyMap<string, number>, scores: readonly number[]): [string, string][] {
  const found: { left: string; right: string; score: number }[] = [];
  for (const [token, id] of ids) {
    if (token.length > longestToken) continue;
    const own: { left: string; right: string; score: number }[] = [];
    for (let at = 1; at < token.length; at++) {
      const [left, right] = [token.slice(0, at), token.slice(at)];
      if (ids.has(left) && ids.has(right)) own.push({ left, right, score: scores[id] ?? 0 });
    }
    found.push(...own.sort((a, b) => ids.get(a.left)! - ids.get(b.left)! || ids.get(a.right)! - ids.get(b.right)!));
  }
  // As Python's stable sort in reverse: what is equal keeps its order.
  const lengthOf = (text: string) => [...text].length;
  found.sort(
    (a, b) => b.score - a.score || lengthOf(b.left) - lengthOf(a.left) || lengthOf(b.right) - lengthOf(a.right),
  );
  return found.map(({ left, right }) => [left, right]);
}
