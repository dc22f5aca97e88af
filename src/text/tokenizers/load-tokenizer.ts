// A tokenizer from a tokenizer.json, whoever made it: code of their own for the arrangements that we write, which knows the
// places of tokens too, and the parts one by one for all others.
import { UserError } from "../../base/errors.js";
import { readTokenizerFile } from "../word-piece/vocabulary-json.js";
import { createByteLevelBpe } from "./byte-level-bpe.js";
import { createCharacters } from "./characters.js";
import { checkFields, createForeign, type Frame, frameOf } from "./foreign/index.js";
import type { Tokenizer } from "./tokenizer.js";
import { readByteLevelBpe, readCharacters } from "./tokenizer-files.js";
import { createWordPiece } from "./word-piece.js";

/**
 * Reads a tokenizer.json of the Hugging Face layout. The ids are those of the Python package tokenizers 0.23;
 * post-processors, truncation and padding are not applied: a language model gets the ids of the text alone.
 *
 * @param json - the file's text.
 * @throws UserError for anything but a tokenizer.json, and for parts that would not give Python's result, which are named.
 * @example
 * const tokenizer = loadTokenizer(await readFile("lm/tokenizer.json", "utf8"));
 * tokenizer.decode(tokenizer.encode("A good film")); // "A good film"
 */
export function loadTokenizer(json: string): Tokenizer {
  return { ...createFrom(parsed(json)), toJson: () => json };
}

/** A tokenizer for encoders: what it gives is framed by the special tokens that its file says. */
export interface FramedTokenizer {
  tokenizer: Tokenizer;
  frame: Frame;
  /** The ids of a text with the special tokens around them, at most `maxLength`: ids of the text's end are left out. */
  encode(text: string, maxLength: number): Int32Array;
}

/**
 * Reads a tokenizer.json with its post-processor. Its truncation and padding are not applied: an encoder knows its length.
 *
 * @param json - the file's text.
 * @param options.lowercase - texts are lowercased first.
 * @throws UserError as `loadTokenizer`
 * @example
 * const { encode } = loadFramedTokenizer(await readFile("all-MiniLM-L6-v2/tokenizer.json", "utf8"));
 * encode("A good film", 256); // [101, 1037, 2204, 2143, 102]
 */
export function loadFramedTokenizer(json: string, options: { lowercase?: boolean } = {}): FramedTokenizer {
  const file = parsed(json);
  if (options.lowercase) {
    const normalizers = [{ type: "Lowercase" }, ...(file.normalizer ? [file.normalizer] : [])];
    file.normalizer = { type: "Sequence", normalizers };
  }
  const tokenizer = { ...createFrom(file), toJson: () => json };
  const frame = frameOf(file.post_processor);
  const { before, after } = frame;
  const around = before.length + after.length;
  return {
    tokenizer,
    frame,
    encode(text, maxLength) {
      const own = Math.max(0, maxLength - around);
      const ids = own === 0 ? new Int32Array() : tokenizer.encode(text, own);
      const all = new Int32Array(ids.length + around);
      all.set(before);
      all.set(ids, before.length);
      all.set(after, before.length + ids.length);
      return all;
    },
  };
}

function parsed(json: string): Record<string, unknown> {
  let file: Record<string, unknown>;
  try {
    file = JSON.parse(json);
  } catch (error) {
    throw new UserError(`This tokenizer.json is not JSON: ${(error as Error).message}. Copy or download it again.`);
  }
  const model = file?.model as Record<string, unknown> | undefined;
  if (typeof model !== "object" || model === null)
    throw new UserError(
      "This tokenizer.json has no 'model'. A file of the Hugging Face tokenizers library is needed, as " +
        "written by Tokenizer.save of its Python package.",
    );
  return file;
}

function createFrom(file: Record<string, unknown>): Tokenizer {
  checkFields(file);
  const bpe = readByteLevelBpe(file);
  if (bpe) return createByteLevelBpe(bpe);
  const characters = readCharacters(file);
  if (characters) return createCharacters(characters);
  const wordPiece = readTokenizerFile(file);
  return typeof wordPiece === "string" ? createForeign(file) : createWordPiece(wordPiece);
}
