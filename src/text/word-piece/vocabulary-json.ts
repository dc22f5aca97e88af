// A tokenizer as the JSON file of the Hugging Face tokenizers library. Knows one layout: the one that it writes.
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../base/errors.js";
import { isDeeperThan } from "../../base/json-depth.js";
import { continuation, createVocabulary, longestWord, specialTokens, type WordPieceVocabulary } from "./vocabulary.js";

/** Lists and objects of a file within each other, of which those that we write have 4; units of a special token. */
const deepest = 32;
const longestSpecial = 512;

/**
 * The text of a tokenizer.json, which `Tokenizer.from_file` of the Python package reads, with the same ids.
 *
 * @example
 * await writeFileWhole("model/tokenizer.json", toTokenizerJson(tokenizer));
 */
export function vocabularyToJson(tokenizer: WordPieceVocabulary): string {
  // fromEntries defines properties, so that a token "__proto__" is a key like any other.
  const vocab = Object.fromEntries(tokenizer.tokens.map((token, id) => [token, id]));
  return `${JSON.stringify(layout(tokenizer.lowercase, tokenizer.specials, vocab), null, 2)}\n`;
}

/**
 * Reads what `toTokenizerJson` writes.
 *
 * @throws UserError for damaged JSON, other kinds of tokenizer, other settings and gaps in the vocabulary.
 * @example
 * const tokenizer = fromTokenizerJson(await readFile("model/tokenizer.json", "utf8"));
 */
export function vocabularyFromJson(json: string): WordPieceVocabulary {
  let found: unknown;
  try {
    found = JSON.parse(json);
  } catch (error) {
    throw new UserError(`This tokenizer.json is not JSON: ${(error as Error).message}. Save the model again.`);
  }
  if (isDeeperThan(deepest, found))
    throw new UserError(
      `This tokenizer.json is nested more than ${deepest} levels deep. Use the file of a saved model.`,
    );
  const read = readTokenizerFile(found);
  if (typeof read !== "string") return read;
  throw new UserError(
    "This tokenizer.json is not one that Columnist writes (BertNormalizer, BertPreTokenizer, WordPiece): " +
      `${read}. Use the file of a saved model.`,
  );
}

/** The tokenizer of a parsed file, or what is other about the file than in those that we write. */
export function readTokenizerFile(found: unknown): WordPieceVocabulary | string {
  if (!isRecord(found) || !isRecord(found.model) || !isRecord(found.model.vocab) || !isRecord(found.normalizer))
    return "it has no model with a vocabulary or no normalizer";
  const lowercase = found.normalizer.lowercase === true;
  const added: unknown[] = Array.isArray(found.added_tokens) ? found.added_tokens : [];
  const specials = added.map((token) => (isRecord(token) ? String(token.content) : ""));
  const long = specials.find((name) => name.length > longestSpecial);
  if (long !== undefined) return `its added_tokens have one of ${long.length} characters`;
  if (specialTokens.some((name, id) => specials[id] !== name))
    return `its added_tokens start with ${shown("added_tokens", specials.slice(0, 2))}`;
  const expected: Record<string, unknown> = layout(lowercase, specials, found.model.vocab);
  for (const part of Object.keys(expected)) {
    // How ids are turned into text again does not change them.
    if (part !== "decoder" && !isDeepStrictEqual(found[part], expected[part]))
      return `its ${part} is ${shown(part, found[part])}`;
  }
  const tokens = orderedTokens(found.model.vocab);
  if (typeof tokens === "string") return tokens;
  const wrong = specials.find((name, id) => tokens[id] !== name);
  return wrong === undefined
    ? createVocabulary(tokens, lowercase, specials)
    : `the id of ${wrong} differs between added_tokens and the vocabulary`;
}

function layout(lowercase: boolean, specials: readonly string[], vocab: Record<string, unknown>) {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: false,
      lowercase,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: { type: "WordPiece", prefix: continuation, cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: specialTokens[1],
      continuing_subword_prefix: continuation,
      max_input_chars_per_word: longestWord,
      vocab,
    },
  };
}

function orderedTokens(vocab: Record<string, unknown>): string[] | string {
  const entries = Object.entries(vocab);
  const tokens = new Array<string>(entries.length);
  const taken = new Uint8Array(entries.length);
  for (const [token, id] of entries) {
    if (!Number.isInteger(id) || (id as number) < 0 || (id as number) >= entries.length || taken[id as number] === 1)
      return `token ${JSON.stringify(token)} has the id ${JSON.stringify(id)}, taken or beyond ${entries.length - 1}`;
    tokens[id as number] = token;
    taken[id as number] = 1;
  }
  return tokens;
}

function shown(part: string, value: unknown): string {
  const text = part === "model" && isRecord(value) ? JSON.stringify({ ...value, vocab: "..." }) : JSON.stringify(value);
  return text === undefined ? "missing" : text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
