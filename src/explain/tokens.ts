// Which word each token of a network stands in. Tokens of many libraries do not know their places, so they are found by
// splitting: a text whose words are split one by one has the same ids.
import type { TokenReading } from "../networks/index.js";
import type { TextModel } from "../tasks/index.js";
import type { Span } from "./words.js";

export interface PlacedTokens {
  /** As the network reads them. */
  ids: Int32Array;
  /** Of each id its word; −1 for special ones and those of the prompt. */
  wordOf: Int32Array;
  /** Words that have an id among these, counted from the first. */
  read: number;
  /** All of the words' ids are that of unknown words. */
  isUnknown: boolean;
}

/** @param words in their order */
export function placeTokens(reading: TokenReading, text: string, words: readonly Span[]): PlacedTokens {
  const { before, after, prompt } = reading;
  const ids = reading.idsOf(text);
  const own = ids.length - before - after;
  const ends = endsOfWords(reading, text, words);
  const wordOf = new Int32Array(ids.length).fill(-1);
  const first = prompt === "" ? 0 : reading.pieces(prompt).length;
  let [token, read] = [first, 0];
  const isWhole = (ends.at(-1) ?? 0) <= own;
  for (const [word, end] of ends.entries()) {
    if (isWhole || token < own) read = word + 1;
    for (; token < Math.min(end, own); token++) wordOf[before + token] = word;
  }
  const isUnknown = words.length > 0 && ids.every((id, at) => wordOf[at] < 0 || id === reading.unknown);
  return { ids, wordOf, read, isUnknown };
}

/** Of each word how many ids there are up to its end, without special ones. */
function endsOfWords({ pieces, prompt }: TokenReading, text: string, words: readonly Span[]): number[] {
  const whole = pieces(prompt + text);
  const counts = pieces(prompt).length;
  let [from, total, isSame] = [0, counts, true];
  const ends = words.map(({ end }) => {
    for (const id of pieces(text.slice(from, end))) isSame &&= whole[total++] === id;
    from = end;
    return total;
  });
  if (isSame) return ends;
  let last = 0;
  return words.map(({ end }) => {
    const part = pieces(prompt + text.slice(0, end));
    let same = 0;
    while (same < part.length && part[same] === whole[same]) same++;
    last = Math.max(last, same);
    return last;
  });
}

/** Of models without tokens all words. */
export function wordsRead(
  model: TextModel,
  text: string,
  words: readonly Span[],
): Pick<PlacedTokens, "read" | "isUnknown"> {
  const reading = model.network?.().reading;
  return reading ? placeTokens(reading, text, words) : { read: words.length, isUnknown: false };
}
