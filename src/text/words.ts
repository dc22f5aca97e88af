// Splits a text into words as Bert does: cleaned, lower-cased, punctuation and ideographs apart. Knows no vocabulary.
import { type ScannedWords, scanWords } from "./word-piece/scan-words.js";

/**
 * The words of a text. White space separates; punctuation (every ASCII symbol but letters and digits, Unicode's P) and
 * CJK ideographs are separate words; control and format characters are dropped; accents are kept.
 *
 * Equals BertNormalizer (clean_text, handle_chinese_chars, strip_accents off) with BertPreTokenizer of the Python
 * package tokenizers 0.23. Lone surrogates, which Python does not have, are dropped.
 *
 * @param lowercase - default true.
 * @example
 * words("Don't panic!"); // ["don", "'", "t", "panic", "!"]
 */
export function words(text: string, lowercase = true): string[] {
  return listWords(scanWords(text, lowercase));
}

/** The words that a scan found, as strings. */
export function listWords({ count, bounds, cased, altered }: ScannedWords): string[] {
  const found = new Array<string>(count);
  for (let i = 0; i < count; i++) found[i] = cased.slice(bounds[2 * i], bounds[2 * i + 1]);
  for (const [i, word] of altered) found[i] = word;
  return found;
}
