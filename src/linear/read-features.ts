// From training texts to weighted features: n-grams are counted, chosen, and weighted by TF-IDF. Knows no labels.
import type { Watch } from "../base/progress.js";
import { breathe } from "./breathe.js";
import { createBlockCounter } from "./count-ngrams.js";
import { createNgramScanner } from "./ngram-scanner.js";
import type { FeatureSettings } from "./options.js";
import { planReading } from "./plan-reading.js";
import type { SparseRows } from "./sparse-rows.js";
import { type TextVectors, withVectors } from "./text-vectors.js";
import { chooseFeatures, type Vectorizer, weightCounts } from "./vectorizer.js";

export interface TextFeatures {
  vectorizer: Vectorizer;
  x: SparseRows;
  /** The rows of the table that `x` has, ascending; undefined for all. */
  chosen?: Int32Array;
  /** UTF-16 units of each text that are read. */
  textLimit: number;
}

/**
 * @param columns weights that each feature will have: more of them leave room for fewer features
 * @param vectors of the texts; their numbers become the last features
 */
export async function readFeatures(
  allTexts: readonly string[],
  settings: FeatureSettings,
  columns: number,
  watch: Watch,
  vectors?: TextVectors,
): Promise<TextFeatures> {
  const { range, textLimit, rows: chosen } = planReading(allTexts, settings, vectors?.dim);
  const texts = chosen ? Array.from(chosen, (row) => allTexts[row]) : allTexts;
  const scanner = createNgramScanner(range);
  const wordCounter = createBlockCounter(texts.length);
  const characterCounter = createBlockCounter(texts.length);
  for (let row = 0; row < texts.length; row++) {
    if (row % 2000 === 0) await breathe(watch, "reading texts", row, texts.length);
    scanner.scan(texts[row], textLimit);
    wordCounter.add(scanner, 0, scanner.words);
    characterCounter.add(scanner, scanner.words, scanner.count);
  }
  const [words, characters] = [wordCounter.done(), characterCounter.done()];
  const { minWordRows, minCharacterRows, maxWeights } = settings;
  const maxFeatures = Math.max(1000, Math.floor(maxWeights / columns) - (vectors?.dim ?? 0));
  const limits = { minWordRows, minCharacterRows, maxFeatures };
  const { vectorizer, wordFeature, characterFeature } = chooseFeatures(words, characters, texts.length, range, limits);
  const blocks = [
    { counts: words, feature: wordFeature },
    { counts: characters, feature: characterFeature },
  ];
  const x = weightCounts(vectorizer, blocks, texts.length);
  return { vectorizer, x: vectors ? withVectors(x, vectors, chosen) : x, chosen, textLimit };
}
