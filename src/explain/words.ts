// The words that an explanation speaks of: pieces of the user's text by their places, whatever tokens a model makes of them.
import { segmentedPlaces, segmentWords } from "../text/index.js";

/** UTF-16 units [start, end) of a text. */
export interface Span {
  start: number;
  end: number;
}

/** Letters and digits with the apostrophes among them, or a run of other signs. */
const word = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{N}\p{M}]+)*|[^\s\p{L}\p{N}\p{M}]+/gu;

/**
 * In scripts without spaces the words are those of ICU's dictionaries.
 *
 * @example
 * wordsIn("Don't go!"); // [{ start: 0, end: 5 }, { start: 6, end: 8 }, { start: 8, end: 9 }]
 */
export function wordsIn(text: string): Span[] {
  const segmented = segmentWords(text);
  const places = segmented === text ? undefined : segmentedPlaces(text, segmented);
  return Array.from(segmented.matchAll(word), ({ index, 0: { length } }) =>
    places ? { start: places[index], end: places[index + length - 1] + 1 } : { start: index, end: index + length },
  );
}

/** The text without some of its words, and without the spaces that only they were between. */
export function textWithout(text: string, words: readonly Span[], isLeftOut: (word: number) => boolean): string {
  let [kept, from] = ["", 0];
  for (const [i, { start, end }] of words.entries()) {
    if (!isLeftOut(i)) continue;
    kept += text.slice(from, start);
    from = end;
    if (/\s/.test(kept.at(-1) ?? " ")) from += /^\s*/.exec(text.slice(end, end + 100))![0].length;
  }
  return kept + text.slice(from);
}
