// Vectors of a table's own words, for when none are given: singular vectors, with settings that suit short rows.
import type { Watch } from "../base/progress.js";
import { trainWordVectors, type WordVectors } from "../embeddings/index.js";

export interface LearnWordsOptions {
  /** Lowered where there are fewer words. Default 200. */
  dim?: number;
  seed?: number;
  threads?: number;
}

/**
 * A wide window: words of one row are about one thing. On banking77 that makes better topics (ARI 0.30) than a window of
 * 5 (0.28), and both better ones than TF-IDF (0.21).
 */
const settings = { method: "svd", window: 50, eigenvalueWeight: 0.5, vocabSize: 50_000 } as const;
/** Tables with more rows than this leave out words that come only once. */
const manyRows = 50_000;
/** In fewer rows every word is a good share of all, and thinning would leave little. */
const fewRows = 5_000;

/**
 * @throws UserError when the texts hold too little
 * @example
 * const vectors = await learnWordVectors(texts, { dim: 100, seed: 1 });
 */
export async function learnWordVectors(
  texts: readonly string[],
  { dim = 200, seed = 0, threads }: LearnWordsOptions = {},
  watch: Watch = {},
): Promise<WordVectors> {
  const minCount = texts.length > manyRows ? 2 : 1;
  const subsample = texts.length < fewRows ? 0 : 1e-3;
  const options = { ...settings, minCount, subsample, dim, seed, threads };
  return (await trainWordVectors([texts], options, watch)).vectors;
}
