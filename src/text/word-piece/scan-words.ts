// Finds the words of a text as Bert cleans and splits it, without making strings of what needs none.
// Knows no vocabulary.
import { characterClasses, inWord, isolated, lowerCase, removed } from "../characters.js";

/** Where the words of a text are. Valid until the next scan, which reuses `bounds`. */
export interface ScannedWords {
  count: number;
  /** Start and end of word i in UTF-16 units of the text, at 2i and 2i + 1. */
  bounds: Int32Array;
  /** The text with its case as wanted, unit by unit where the text's are: word i is a slice of it, unless altered. */
  cased: string;
  /** Words that lost characters or changed their length, by i. */
  altered: ReadonlyMap<number, string>;
}

/** The only character whose lower case has another length in UTF-16 units: i and a combining dot. */
const dottedCapitalI = "\u0130";
const dottedCapitalICode = 0x130;
const noneAltered: ReadonlyMap<number, string> = new Map();
let bounds = new Int32Array(1024);

/**
 * @param most - stops after so many words.
 * @param classes - what each code point does.
 * @example
 * const { count, bounds, cased } = scanWords("Good film", true);
 * cased.slice(bounds[2], bounds[3]); // "film"
 */
export function scanWords(
  text: string,
  lowercase: boolean,
  most = Number.POSITIVE_INFINITY,
  classes = characterClasses(),
): ScannedWords {
  const cased = lowercase ? alignedLowerCase(text) : text;
  const length = cased.length;
  const watchI = lowercase && cased.includes(dottedCapitalI);
  let altered: Map<number, string> | undefined;
  let change = false;
  let count = 0;
  let start = -1;
  let end = -1;
  let found = bounds;
  for (let i = 0; i <= length && count < most; ) {
    const code = i < length ? cased.charCodeAt(i) : 0x20;
    let kind = classes[code];
    let next = i + 1;
    if (kind === inWord) {
      if (start < 0) start = i;
      end = next;
      if (watchI && code === dottedCapitalICode) change = true;
      i = next;
      continue;
    }
    // A lone surrogate has its own class (removed), a pair that of its code point.
    if (kind === removed && code >= 0xd800 && code < 0xdc00 && (cased.charCodeAt(next) & 0xfc00) === 0xdc00) {
      kind = classes[cased.codePointAt(i)!];
      next++;
    }
    if (kind === inWord) {
      if (start < 0) start = i;
      end = next;
    } else if (kind === removed) {
      // At the end of a word this rebuilds it in vain: harmless and rare.
      if (start >= 0) change = true;
    } else {
      if (2 * count + 4 > found.length) found = grown(found);
      if (start >= 0) {
        if (change) {
          altered ??= new Map();
          altered.set(count, normalizeWord(text.slice(start, end), lowercase));
          change = false;
        }
        found[2 * count] = start;
        found[2 * count++ + 1] = end;
        start = -1;
      }
      if (kind === isolated && count < most) {
        found[2 * count] = i;
        found[2 * count++ + 1] = next;
      }
    }
    i = next;
  }
  return { count, bounds: found, cased, altered: altered ?? noneAltered };
}

/** For each UTF-16 unit of an altered word, where its character stood within `original`: starts and ends. */
export function alignWord(original: string, lowercase: boolean): { starts: number[]; ends: number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const character of original) {
    for (let unit = normalizeWord(character, lowercase).length; unit > 0; unit--) {
      starts.push(at);
      ends.push(at + character.length);
    }
    at += character.length;
  }
  return { starts, ends };
}

function grown(full: Int32Array): Int32Array<ArrayBuffer> {
  bounds = new Int32Array(2 * full.length);
  bounds.set(full);
  return bounds;
}

function normalizeWord(original: string, lowercase: boolean): string {
  const classes = characterClasses();
  let word = "";
  for (const character of original)
    if (classes[character.codePointAt(0)!] !== removed) word += lowercase ? lowerCase(character) : character;
  return word;
}

/** Lower case, character by character and unit by unit: sigma has one small letter, and the dotted capital I stays. */
function alignedLowerCase(text: string): string {
  const plain = text.includes("Σ") ? text.replaceAll("Σ", "σ") : text;
  if (!plain.includes(dottedCapitalI)) return lowerCase(plain);
  return plain.split(dottedCapitalI).map(lowerCase).join(dottedCapitalI);
}
