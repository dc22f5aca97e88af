// Chooses pieces that spell rare words: byte-pair merges of their characters. Knows no texts.
import { learnMerges } from "../learn-merges.js";
import { continuation } from "./vocabulary.js";

/** Longer words, in UTF-16 units, are hardly made of meaningful parts: addresses, codes. */
const longestLearned = 32;
/** More words than these are thinned out evenly: they hardly change the pieces, and the time is bounded. */
const mostLearned = 40_000;

/**
 * The pieces (those inside a word with "##") that neighbours in the words make most often, in the order found, until
 * no pair is met `least` times or `room` pieces are found. A word begins with the longest word of `whole` that it can,
 * because that is how it is going to be spelled; all else begins as characters.
 *
 * @param words - the rare words and how often each is met; their order breaks ties.
 * @example
 * learnPieces([["walking", 2], ["talking", 2]], new Set(["walk"]), 4, 10); // ["##in", "##ing"]
 */
export function learnPieces(
  words: readonly (readonly [string, number])[],
  whole: ReadonlySet<string>,
  least: number,
  room: number,
): string[] {
  const step = Math.ceil(words.length / mostLearned);
  const learned = words.filter(([word], i) => i % step === 0 && word.length > 1 && word.length <= longestLearned);
  const symbols: string[] = [];
  const idOf = new Map<string, number>();
  const symbol = (text: string): number => {
    const known = idOf.get(text);
    if (known !== undefined) return known;
    idOf.set(text, symbols.length);
    return symbols.push(text) - 1;
  };
  const spelled = learned.map(([word]) => split(word, whole).map(symbol));
  const wordsAt = new Int32Array(spelled.length + 1);
  for (const [i, parts] of spelled.entries()) wordsAt[i + 1] = wordsAt[i] + parts.length;
  const counts = Float64Array.from(learned, ([, count]) => count);

  const given = symbols.length;
  const pieces: string[] = [];
  learnMerges({ symbols: Int32Array.from(spelled.flat()), wordsAt, counts }, least, (left, right) => {
    if (pieces.length >= room) return undefined;
    const made = symbol(symbols[left] + symbols[right].slice(continuation.length));
    if (made >= given && made === symbols.length - 1 && !whole.has(symbols[made])) pieces.push(symbols[made]);
    return made;
  });
  return [...new Set(pieces)];
}

function split(word: string, whole: ReadonlySet<string>): string[] {
  const characters = [...word];
  let start = characters.length - 1;
  while (start > 1 && !whole.has(characters.slice(0, start).join(""))) start--;
  return [
    characters.slice(0, Math.max(1, start)).join(""),
    ...characters.slice(Math.max(1, start)).map((character) => continuation + character),
  ];
}
