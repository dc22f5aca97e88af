// What each character of a text adds to a linear model's decision: the part of every n-gram, divided equally among its
// occurrences, and among the characters that each covers. Nothing is estimated: the parts add up to the decision.
import { hasUnspacedScript, segmentedPlaces, segmentWords } from "../text/segment-words.js";
import { scanSegmentedWords } from "../text/segmented-words.js";
import { alignWord, type ScannedWords, scanWords } from "../text/word-piece/scan-words.js";
import { characterRuns, createNgramScanner, wordRuns } from "./ngram-scanner.js";
import { findNgram } from "./ngram-table.js";
import { createTextWeigher, type Vectorizer } from "./vectorizer.js";

/** Of a linear model without vectors of texts: sums of weights by column. */
export interface LinearSums {
  vectorizer: Vectorizer;
  /** Row-major (features, columns). */
  weights: Float32Array;
  textLimit: number;
}

/**
 * For each UTF-16 unit of a text what it adds to Σ direction[c] · sum[c], the bias apart; undefined where no n-gram is known.
 *
 * @param direction (columns)
 */
export type UnitShares = (text: string, direction: ArrayLike<number>) => Float64Array | undefined;

export function createUnitShares({ vectorizer, weights, textLimit }: LinearSums): UnitShares {
  const { range, words, characters, wordFeatures } = vectorizer;
  const scanner = createNgramScanner(range);
  const weigher = createTextWeigher(vectorizer, scanner, textLimit);
  return (text, direction) => {
    weigher.weigh(text);
    if (weigher.count === 0) return undefined;
    const features = new Map<number, { part: number; places: (readonly number[])[] }>();
    for (let at = 0; at < weigher.count; at++) {
      const first = weigher.ids[at] * direction.length;
      let part = 0;
      for (let c = 0; c < direction.length; c++) part += direction[c] * weights[first + c];
      features.set(weigher.ids[at], { part: part * weigher.values[at], places: [] });
    }
    const places = placesOf(text.slice(0, textLimit), range.segmented);
    let entry = 0;
    const take = (units: readonly number[]) => {
      const isWord = entry < scanner.words;
      const id = findNgram(isWord ? words : characters, scanner.high[entry], scanner.low[entry]);
      entry++;
      if (id >= 0) features.get(isWord ? id : id + wordFeatures)?.places.push(units);
    };
    wordRuns(places.words.length, range, (first, last) =>
      take(places.words.slice(Math.max(0, first), last + 1).flat()),
    );
    characterRuns(places.written.length, range, (first, last) =>
      take(places.written.slice(first, last + 1).filter((place) => place >= 0)),
    );
    const shares = new Float64Array(text.length);
    for (const { part, places: all } of features.values())
      for (const units of all) for (const unit of units) shares[unit] += part / all.length / units.length;
    return shares;
  };
}

/** Where in the text the scanned words and the written units stand; −1 for marks and spaces. */
function placesOf(text: string, isSegmented: boolean): { words: number[][]; written: number[] } {
  const parts = wordPlaces(scanWords(text, true), text);
  const written = [-1, -1, ...parts.flatMap((units) => [...units, -1]), -1];
  if (!isSegmented || !hasUnspacedScript(text)) return { words: parts, written };
  const spaced = segmentWords(text);
  const original = segmentedPlaces(text, spaced);
  const words = wordPlaces(scanSegmentedWords(text, true), spaced);
  return { words: words.map((units) => units.map((unit) => original[unit])), written };
}

function wordPlaces({ count, bounds, altered }: ScannedWords, text: string): number[][] {
  return Array.from({ length: count }, (_, i) => {
    const [start, end] = [bounds[2 * i], bounds[2 * i + 1]];
    if (altered.has(i)) return alignWord(text.slice(start, end), true).starts.map((place) => start + place);
    return Array.from({ length: end - start }, (_, unit) => start + unit);
  });
}
