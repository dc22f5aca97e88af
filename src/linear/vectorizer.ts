// TF-IDF of word and character n-grams: sublinear term frequency, smooth inverse document frequency, and each block
// of unit length. Formulas as in scikit-learn's TfidfVectorizer. Knows no labels.
import type { BlockCounts } from "./count-ngrams.js";
import type { NgramRange, NgramScanner } from "./ngram-scanner.js";
import { findNgram, type NgramTable, ngramTableOf } from "./ngram-table.js";
import type { SparseRows } from "./sparse-rows.js";
import { saysNothing, type VectorColumns } from "./text-vectors.js";

export interface Vectorizer {
  range: NgramRange;
  /** Features [0, wordFeatures) are words, [wordFeatures, features) characters. */
  wordFeatures: number;
  features: number;
  words: NgramTable;
  characters: NgramTable;
  /** ln((1 + rows) / (1 + rows with the feature)) + 1, shape (features). */
  idf: Float32Array;
}

/** Block lengths, so that a text with both has length 1. */
const blockScale = Math.SQRT1_2;

/** Keeps the n-grams of at least so many rows, the most frequent first; at most `maxFeatures`, the rarest go. */
export function chooseFeatures(
  words: BlockCounts,
  characters: BlockCounts,
  rows: number,
  range: NgramRange,
  limits: { minWordRows: number; minCharacterRows: number; maxFeatures: number },
): { vectorizer: Vectorizer; wordFeature: Int32Array; characterFeature: Int32Array } {
  let { minWordRows, minCharacterRows } = limits;
  while (countAtLeast(words, minWordRows) + countAtLeast(characters, minCharacterRows) > limits.maxFeatures) {
    if (minWordRows < minCharacterRows) minWordRows++;
    else minCharacterRows++;
  }
  const wordIds = frequentFirst(words, minWordRows);
  const characterIds = frequentFirst(characters, minCharacterRows);
  const wordFeatures = wordIds.length;
  const features = wordFeatures + characterIds.length;
  const idf = new Float32Array(features);
  const wordFeature = new Int32Array(words.table.size).fill(-1);
  const characterFeature = new Int32Array(characters.table.size).fill(-1);
  for (let f = 0; f < features; f++) {
    const [block, id] = f < wordFeatures ? [words, wordIds[f]] : [characters, characterIds[f - wordFeatures]];
    idf[f] = Math.log((1 + rows) / (1 + rowsWith(block, id))) + 1;
    if (f < wordFeatures) wordFeature[id] = f;
    else characterFeature[id] = f;
  }
  const vectorizer: Vectorizer = {
    range,
    wordFeatures,
    features,
    words: tableOf(words, wordIds),
    characters: tableOf(characters, characterIds),
    idf,
  };
  return { vectorizer, wordFeature, characterFeature };
}

/** TF-IDF rows from counts that were taken already. */
export function weightCounts(
  vectorizer: Vectorizer,
  blocks: { counts: BlockCounts; feature: Int32Array }[],
  rows: number,
): SparseRows {
  const { idf } = vectorizer;
  let entries = 0;
  for (const { counts, feature } of blocks)
    for (let at = 0; at < counts.rowStart[rows]; at++) if (feature[counts.ids[at]] >= 0) entries++;
  const start = new Int32Array(rows + 1);
  const ids = new Int32Array(entries);
  const values = new Float32Array(entries);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    for (const { counts, feature } of blocks) {
      const from = end;
      let squares = 0;
      for (let at = counts.rowStart[row]; at < counts.rowStart[row + 1]; at++) {
        const f = feature[counts.ids[at]];
        if (f < 0) continue;
        const value = (1 + Math.log(counts.counts[at])) * idf[f];
        ids[end] = f;
        values[end++] = value;
        squares += value * value;
      }
      scale(values, from, end, squares);
    }
    start[row + 1] = end;
  }
  return { rows, features: vectorizer.features, start, ids, values };
}

/** TF-IDF of single texts; `ids` and `values` [0, count) hold the last one. */
export interface TextWeigher {
  ids: Int32Array;
  values: Float32Array;
  count: number;
  /** @param vector of the text, for models that have it beside the n-grams */
  weigh(text: string, vector?: Float32Array): void;
}

export function createTextWeigher(
  vectorizer: Vectorizer,
  scanner: NgramScanner,
  limit: number,
  columns?: VectorColumns,
): TextWeigher {
  const { words, characters, wordFeatures, features, idf } = vectorizer;
  const { dim, weight } = columns ?? { dim: 0, weight: 0 };
  const tally = new Int32Array(vectorizer.features);
  const weigher: TextWeigher = { ids: new Int32Array(1024), values: new Float32Array(1024), count: 0, weigh };

  function weigh(text: string, vector?: Float32Array): void {
    if (vector?.length !== (columns ? dim : undefined))
      throw new RangeError(`a vector of ${vector?.length} numbers for a model that takes ${columns ? dim : "none"}`);
    scanner.scan(text, limit);
    const most = scanner.count + dim;
    if (weigher.ids.length < most) {
      weigher.ids = new Int32Array(2 * most);
      weigher.values = new Float32Array(2 * most);
    }
    weigher.count = 0;
    addBlock(words, 0, 0, scanner.words);
    addBlock(characters, wordFeatures, scanner.words, scanner.count);
    if (vector && !saysNothing(vector)) addVector(vector);
  }

  function addVector(vector: Float32Array): void {
    const { ids, values } = weigher;
    for (let d = 0; d < dim; d++) {
      ids[weigher.count] = features + d;
      values[weigher.count++] = weight * vector[d];
    }
  }

  function addBlock(table: NgramTable, offset: number, from: number, to: number): void {
    const { high, low } = scanner;
    const { ids, values } = weigher;
    const first = weigher.count;
    let end = first;
    for (let i = from; i < to; i++) {
      const id = findNgram(table, high[i], low[i]);
      if (id >= 0 && tally[id + offset]++ === 0) ids[end++] = id + offset;
    }
    let squares = 0;
    for (let at = first; at < end; at++) {
      const f = ids[at];
      const value = (tally[f] === 1 ? 1 : 1 + Math.log(tally[f])) * idf[f];
      tally[f] = 0;
      values[at] = value;
      squares += value * value;
    }
    scale(values, first, end, squares);
    weigher.count = end;
  }
  return weigher;
}

function scale(values: Float32Array, from: number, to: number, squares: number): void {
  const factor = blockScale / Math.sqrt(squares);
  for (let at = from; at < to; at++) values[at] *= factor;
}

function rowsWith(block: BlockCounts, id: number): number {
  return block.uses[2 * id + 1];
}

function countAtLeast(block: BlockCounts, minRows: number): number {
  let count = 0;
  for (let id = 0; id < block.table.size; id++) if (rowsWith(block, id) >= minRows) count++;
  return count;
}

/** Frequent features side by side: the solver's weights stay in the cache. Stable, so ids are reproducible. */
function frequentFirst(block: BlockCounts, minRows: number): Int32Array {
  let most = 0;
  for (let id = 0; id < block.table.size; id++) most = Math.max(most, rowsWith(block, id));
  const placeOf = new Int32Array(most + 2);
  for (let id = 0; id < block.table.size; id++) placeOf[rowsWith(block, id)]++;
  for (let count = most, place = 0; count >= minRows; count--) {
    const here = placeOf[count];
    placeOf[count] = place;
    place += here;
  }
  const kept = new Int32Array(countAtLeast(block, minRows));
  for (let id = 0; id < block.table.size; id++) {
    if (rowsWith(block, id) >= minRows) kept[placeOf[rowsWith(block, id)]++] = id;
  }
  return kept;
}

function tableOf(block: BlockCounts, ids: Int32Array): NgramTable {
  const hashes = new Int32Array(2 * ids.length);
  for (let f = 0; f < ids.length; f++) {
    hashes[2 * f] = block.table.hashes[2 * ids[f]];
    hashes[2 * f + 1] = block.table.hashes[2 * ids[f] + 1];
  }
  return ngramTableOf(hashes);
}
