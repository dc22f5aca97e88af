// Puts blanks between the words of scripts that write none: Chinese, Japanese, Thai, Khmer, Lao, Burmese.
// The words are those of ICU's dictionaries, which Node carries (Unicode Standard Annex 29, section 4.1).
import { UserError } from "../base/errors.js";

/** Letters of these scripts; signs of length and iteration and combining marks, which Unicode gives to no one script. */
const letters =
  "[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Khmr}\\p{sc=Laoo}\\p{sc=Mymr}\\u30fc\\uff70\\u3006\\u3099\\u309a]";
const anyLetter = new RegExp(letters, "u");
/** Such letters and what stands between them but other letters and digits: asking once for a stretch is what costs. */
const stretches = new RegExp(`${letters}+(?:[^\\p{L}\\p{N}]+${letters}+)*`, "gu");
const letterAtEnd = /[\p{L}\p{N}]\p{M}*$/u;
const letterAtStart = /^[\p{L}\p{N}]/u;
/** ICU's time grows with the square of the length. */
const longestStretch = 1000;
const zeroWidthSpace = "\u200b";

let segmenter: Intl.Segmenter | undefined;

/** Whether a text has letters of a script that writes no blanks between words. */
export function hasUnspacedScript(text: string): boolean {
  return anyLetter.test(text);
}

/**
 * The text with spaces between words in scripts without spaces, and where such a script meets another; any other text
 * is returned unchanged. Zero width spaces between words become spaces.
 *
 * @throws UserError if this build of Node has no dictionaries and the text needs them
 * @example
 * segmentWords("今天天气很好, see you"); // "今天 天气 很好, see you"
 */
export function segmentWords(text: string): string {
  if (!anyLetter.test(text)) return text;
  return text.replace(stretches, (stretch: string, start: number) => {
    const before = letterAtEnd.test(text.slice(Math.max(0, start - 8), start)) ? " " : "";
    const end = start + stretch.length;
    const after = letterAtStart.test(text.slice(end, end + 2)) ? " " : "";
    return before + spaced(stretch) + after;
  });
}

/**
 * Of each UTF-16 unit of `segmentWords(text)`, where it stands in the text; a space that was put in has the place of what
 * follows it.
 *
 * @example
 * segmentedPlaces("天气很好", "天气 很好"); // Int32Array [0, 1, 2, 2, 3]
 */
export function segmentedPlaces(text: string, segmented: string): Int32Array {
  let at = 0;
  return Int32Array.from({ length: segmented.length }, (_, unit) => {
    const own = segmented[unit];
    const isOwn = own === text[at] || (own === " " && text[at] === zeroWidthSpace);
    return isOwn ? at++ : at;
  });
}

function spaced(stretch: string): string {
  segmenter ??= openSegmenter();
  let written = "";
  let afterWord = false;
  for (let start = 0; start < stretch.length; ) {
    const part = stretch.slice(start, start + longestStretch);
    const found = [...segmenter.segment(part)];
    // The last word of a part may be cut: the next part begins with it.
    if (start + part.length < stretch.length && found.length > 1) start += found.pop()!.index;
    else start += part.length;
    for (const { segment, isWordLike = false } of found) {
      if (afterWord && isWordLike) written += " ";
      written += segment === zeroWidthSpace ? " " : segment;
      afterWord = isWordLike;
    }
  }
  return written;
}

/** The locale plays no part in these scripts: it is named so that the machine's own is not asked. */
function openSegmenter(): Intl.Segmenter {
  const opened = typeof Intl.Segmenter === "function" ? new Intl.Segmenter("en", { granularity: "word" }) : undefined;
  const splits = (text: string) => opened !== undefined && [...opened.segment(text)].length > 1;
  if (opened && splits("今天天气很好") && splits("ภาษาไทยง่าย")) return opened;
  throw new UserError(
    "A text is Chinese, Japanese, Thai, Khmer, Lao or Burmese, and this build of Node lacks the dictionaries that find " +
      "its words. Use a build with full ICU, as from nodejs.org, or set NODE_ICU_DATA to its data.",
  );
}
