// Vectors of character n-grams, found from vectors of words: their mean is near the vector of the word that they spell. So
// rare and misspelt words have vectors too, whatever method made the others.
// Source: J. Zhao, S. Mudgal, Y. Liang 2018, arXiv:1809.04259 (bag of subwords); n-grams and their hash as in fastText.
import { CancelledError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { createRandom } from "../base/random.js";
import { ngramBuckets } from "./character-ngrams.js";
import type { NgramVectors, WordVectors } from "./word-vectors.js";

export interface CharacterNgramOptions {
  /** Characters of the shortest n-grams. */
  minLength?: number;
  /** Characters of the longest n-grams. */
  maxLength?: number;
  /** Passes over the words. */
  epochs?: number;
  /** Seed of the order of the words. */
  seed?: number;
}

/** Buckets, at most: 2^17 of 300 numbers are 157 MB. */
const mostBuckets = 1 << 17;
const wordsAtOnce = 1000;

/**
 * Least squares, word by word in an order drawn with the seed (S. Kaczmarz 1937): z_g += η (v_w − mean of z_g), η falling from
 * one half to zero. As many buckets as distinct n-grams, up to 131,072.
 *
 * @throws CancelledError after an abort
 * @example
 * const ngrams = await fitNgrams(vectors, { seed: 0 });
 * vectorOf({ ...vectors, ngrams }, "mispelt");
 */
export async function fitNgrams(
  { words, dim, vectors }: WordVectors,
  { minLength = 3, maxLength = 6, epochs = 10, seed = 0 }: CharacterNgramOptions = {},
  { onProgress, signal }: Watch = {},
): Promise<NgramVectors> {
  const buckets = bucketsFor(words, minLength, maxLength);
  const shape = { minLength, maxLength, buckets };
  const rowsOf = words.map((word) => Int32Array.from(ngramBuckets(word, shape)));
  const found = new Float32Array(buckets * dim);
  const error = new Float64Array(dim);
  const order = Int32Array.from(words, (_, word) => word);
  const random = createRandom(seed);
  const total = epochs * words.length;
  for (let epoch = 0; epoch < epochs; epoch++) {
    random.shuffle(order);
    for (const [i, word] of order.entries()) {
      const done = epoch * words.length + i;
      if (done % wordsAtOnce === 0) {
        onProgress?.({ stage: "fitting n-grams", done, total });
        await new Promise((resolve) => setImmediate(resolve));
        if (signal?.aborted) throw new CancelledError("Stopped before the vectors were ready.");
      }
      fitWord(rowsOf[word], word, 0.5 * (1 - done / total));
    }
  }
  return { ...shape, vectors: found };

  function fitWord(rows: Int32Array, word: number, rate: number): void {
    if (rows.length === 0) return;
    error.fill(0);
    for (const row of rows) for (let d = 0; d < dim; d++) error[d] += found[row * dim + d];
    for (let d = 0; d < dim; d++) error[d] = rate * (vectors[word * dim + d] - error[d] / rows.length);
    for (const row of rows) for (let d = 0; d < dim; d++) found[row * dim + d] += error[d];
  }
}

/** The next power of two from the number of different n-grams, so that a small vocabulary makes a small file. */
function bucketsFor(words: readonly string[], minLength: number, maxLength: number): number {
  const seen = new Uint8Array(mostBuckets);
  let different = 0;
  for (const word of words)
    for (const row of ngramBuckets(word, { minLength, maxLength, buckets: mostBuckets }))
      if (seen[row] === 0) {
        seen[row] = 1;
        different++;
      }
  return Math.min(mostBuckets, 2 ** Math.ceil(Math.log2(Math.max(1, different))));
}
