// Splits a text into words as Bert does: cleaned, lower-cased, punctuation and ideographs apart. Knows no vocabulary.
import { characterClasses, inWord, isolated, lowerCase, removed, space } from "./characters.js";

/**
 * The words of a text. White space separates; punctuation (every ASCII sign but letters and digits, Unicode's P) and
 * CJK ideographs are words of their own; control and format characters are dropped; accents stay.
 *
 * Equals BertNormalizer (clean_text, handle_chinese_chars, strip_accents off) with BertPreTokenizer of the Python
 * package tokenizers 0.23. Lone surrogates, which Python has not, are dropped.
 *
 * @param lowercase - default true.
 * @example
 * words("Don't panic!"); // ["don", "'", "t", "panic", "!"]
 */
export function words(text: string, lowercase = true): string[] {
  return asciiWords(text, lowercase) ?? unicodeWords(text, lowercase);
}

/** Undefined when the text has characters beyond ASCII or to be removed. */
function asciiWords(text: string, lowercase: boolean): string[] | undefined {
  const classes = characterClasses();
  const found: string[] = [];
  const cased = lowercase ? text.toLowerCase() : text;
  let start = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = classes[code];
    if (code > 0x7f || kind === removed) return undefined;
    if (kind === inWord) {
      if (start < 0) start = i;
      continue;
    }
    if (start >= 0) found.push(cased.slice(start, i));
    start = -1;
    if (kind === isolated) found.push(cased[i]);
  }
  if (start >= 0) found.push(cased.slice(start));
  return found;
}

function unicodeWords(text: string, lowercase: boolean): string[] {
  const classes = characterClasses();
  const found: string[] = [];
  let word = "";
  for (const character of text) {
    const kind = classes[character.codePointAt(0)!];
    if (kind === removed) continue;
    if (kind === inWord) {
      word += lowercase ? lowerCase(character) : character;
      continue;
    }
    if (word !== "") found.push(word);
    word = "";
    if (kind !== space) found.push(character);
  }
  if (word !== "") found.push(word);
  return found;
}
