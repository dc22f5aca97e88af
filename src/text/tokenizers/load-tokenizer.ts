// A tokenizer from a tokenizer.json, whoever made it: code of their own for the arrangements that we write, which knows the
// places of tokens too, and the parts one by one for all others.
import { UserError } from "../../base/errors.js";
import { readTokenizerFile } from "../word-piece/vocabulary-json.js";
import { createByteLevelBpe } from "./byte-level-bpe.js";
import { createCharacters } from "./characters.js";
import { checkFields, createForeign } from "./foreign/index.js";
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
  return { ...createFrom(file), toJson: () => json };
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
