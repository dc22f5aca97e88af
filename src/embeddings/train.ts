// From texts to vectors: reads the corpus once, then runs one method on it. Knows no table.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { type Corpus, readCorpus, type Texts } from "./corpus.js";
import { countPairs } from "./counts/count-pairs.js";
import { ppmi } from "./counts/ppmi.js";
import { type WordVectorOptions, wordVectorOptionsSchema } from "./options.js";
import { truncatedSvd } from "./svd/truncated-svd.js";
import { createWordVectors, type WordVectors } from "./word-vectors.js";
import { createPool } from "./workers/pool.js";

export interface TrainedVectors {
  vectors: WordVectors;
  texts: number;
  /** Words of the vocabulary in the texts, repeats included. */
  tokens: number;
}

/**
 * Trains vectors on texts. The same texts, options and seed give the same bits on any number of threads.
 *
 * @throws UserError when the texts hold too little; CancelledError after an abort
 * @example
 * const { vectors } = await trainWordVectors([["the river bank", "the river bed"]], { minCount: 1, dim: 2 });
 */
export async function trainWordVectors(
  batches: AsyncIterable<Texts> | Iterable<Texts>,
  options: WordVectorOptions & { seed?: number; threads?: number } = {},
  watch: Watch = {},
): Promise<TrainedVectors> {
  const settings = wordVectorOptionsSchema.parse(options);
  const folder = mkdtempSync(join(tmpdir(), "columnist-vectors-"));
  try {
    const { minCount, vocabSize, cased } = settings;
    const corpus = await readCorpus(batches, { minCount, vocabSize, lowercase: !cased, folder }, watch);
    const { seed = 0, threads = availableParallelism() } = options;
    const vectors = await bySvd(corpus, { ...settings, seed, threads, folder }, watch);
    return { vectors, texts: corpus.texts, tokens: corpus.tokens };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Settings {
  dim: number;
  window: number;
  subsample?: number;
  eigenvalueWeight: number;
  seed: number;
  threads: number;
  folder: string;
}

/** Rows of U Sᵖ, scaled so that the mean squared length is 1. */
async function bySvd(corpus: Corpus, settings: Settings, watch: Watch): Promise<WordVectors> {
  const { window, subsample = 1e-4, seed, threads, folder } = settings;
  const pool = createPool(threads);
  let matrix: Awaited<ReturnType<typeof ppmi>>;
  try {
    const countOptions = { window, distanceWeight: "dynamic", subsample, seed, folder } as const;
    const counts = await countPairs(corpus, countOptions, pool, watch);
    matrix = await ppmi(counts, { folder }, pool, watch);
  } finally {
    await pool.close();
  }
  const { left, singularValues } = await truncatedSvd(matrix, { dim: settings.dim, seed, threads }, watch);
  const dim = singularValues.length;
  if (dim === 0)
    throw new UserError(
      "The texts hold too little: no two words meet more often than chance would have it. Give more or longer texts.",
    );
  const weights = singularValues.map((value) => value ** settings.eigenvalueWeight);
  const words = corpus.words.length;
  const scale = Math.sqrt(words / weights.reduce((sum, weight) => sum + weight * weight, 0));
  for (let i = 0; i < left.length; i++) left[i] *= scale * weights[i % dim];
  return createWordVectors({ words: corpus.words, dim, vectors: left, counts: corpus.counts });
}
