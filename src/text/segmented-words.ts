// The words that counting goes by: Bert's, but for scripts that write no blanks those of a dictionary, where Bert has
// single ideographs in Chinese and a whole sentence in Thai. Tokenizers of networks do not use them: Python's could not.
import { segmentedCharacterClasses } from "./characters.js";
import { hasUnspacedScript, segmentWords } from "./segment-words.js";
import { type ScannedWords, scanWords } from "./word-piece/scan-words.js";
import { listWords } from "./words.js";

/**
 * The words of a text; for one without letters of such scripts the same as `words` gives.
 *
 * @param lowercase - default true.
 * @throws UserError if this build of Node has no dictionaries and the text needs them
 * @example
 * segmentedWords("今天天气很好!"); // ["今天", "天气", "很好", "!"]
 */
export function segmentedWords(text: string, lowercase = true): string[] {
  return listWords(scanSegmentedWords(text, lowercase));
}

/** The same without making strings; `bounds` are those of the text with its blanks. */
export function scanSegmentedWords(text: string, lowercase: boolean): ScannedWords {
  if (!hasUnspacedScript(text)) return scanWords(text, lowercase);
  return scanWords(segmentWords(text), lowercase, Number.POSITIVE_INFINITY, segmentedCharacterClasses());
}
