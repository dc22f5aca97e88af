// Decides how much of a large table is read, so that its n-grams stay in memory. Knows lengths only.
import { createRandom, mixSeed } from "../base/random.js";
import type { NgramRange } from "./ngram-scanner.js";
import type { FeatureSettings } from "./options.js";

export interface ReadingPlan {
  range: NgramRange;
  /** UTF-16 units of each text that are read. */
  textLimit: number;
  /** The rows to learn from, ascending; undefined for all. */
  rows?: Int32Array;
}

/** No more of a text is read, and texts are not cut shorter than this. */
const longestLimit = 1 << 14;
const shortestLimit = 1 << 11;
const unitsPerWord = 5;

/** A long text repeats its n-grams: it has about as many different ones as a text of this length without repeats. */
const effectiveLength = (units: number) => 2000 * Math.log1p(units / 2000);

/**
 * Small tables are read whole. Otherwise, in this order and only as far as needed: long texts are cut, the longest
 * character runs are left out, rows are drawn at random.
 *
 * @param dim numbers of a vector that each text has beside its n-grams
 */
export function planReading(texts: readonly string[], settings: FeatureSettings, dim = 0): ReadingPlan {
  const { maxEntries, wordNgrams, minCharacters } = settings;
  let { maxCharacters } = settings;
  const perUnit = () => wordNgrams / unitsPerWord + Math.max(0, maxCharacters - minCharacters + 1);
  const unitsWithin = (limit: number) =>
    texts.reduce((sum, text) => sum + effectiveLength(Math.min(text.length, limit)), 0);
  let textLimit = longestLimit;
  while (textLimit > shortestLimit && unitsWithin(textLimit) * perUnit() > maxEntries) textLimit >>= 1;
  const units = unitsWithin(textLimit);
  while (maxCharacters >= minCharacters && units * perUnit() > maxEntries) maxCharacters--;
  const range = { wordNgrams, minCharacters, maxCharacters, segmented: true };
  const share = Math.min(maxEntries / (units * perUnit()), maxEntries / (texts.length * dim));
  if (share >= 1) return { range, textLimit };
  const random = createRandom(mixSeed(settings.seed, 0x70a5));
  const rows = Int32Array.from(texts.keys()).filter(() => random.float() < share);
  return { range, textLimit, rows: rows.length > 0 ? rows : Int32Array.of(0) };
}
