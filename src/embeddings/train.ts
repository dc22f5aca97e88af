// From texts to vectors: reads the corpus once, then runs one method on it. Knows no table.
import { availableParallelism } from "node:os";
import type { z } from "zod";
import { UserError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { mixSeed } from "../base/random.js";
import { temporaryFolder } from "../base/temporary.js";
import { type Corpus, readCorpus, type Texts } from "./corpus.js";
import { countPairs, type PairCounts } from "./counts/count-pairs.js";
import { fitNgrams } from "./fit-ngrams.js";
import { fitGlove } from "./glove/glove.js";
import { type WordVectorOptions, wordVectorOptionsSchema } from "./options.js";
import { fitSkipgram } from "./skipgram/skipgram.js";
import { svdVectors } from "./svd/svd-vectors.js";
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
 * @throws UserError when the texts are too short; CancelledError after an abort
 * @example
 * const { vectors } = await trainWordVectors([["the river bank", "the river bed"]], { minCount: 1, dim: 2 });
 */
export async function trainWordVectors(
  batches: AsyncIterable<Texts> | Iterable<Texts>,
  options: WordVectorOptions & { seed?: number; threads?: number; expectedTexts?: number } = {},
  watch: Watch = {},
): Promise<TrainedVectors> {
  const settings = wordVectorOptionsSchema.parse(options);
  const { path: folder, remove } = temporaryFolder("columnist-vectors-");
  try {
    const { minCount, vocabSize, cased } = settings;
    const { seed = 0, threads = availableParallelism(), expectedTexts } = options;
    const corpusOptions = { minCount, vocabSize, lowercase: !cased, folder, expectedTexts };
    const corpus = await readCorpus(batches, corpusOptions, watch);
    const own = await methods[settings.method](corpus, { ...settings, seed, threads, folder }, watch);
    const vectors = settings.ngrams
      ? { ...own, ngrams: await fitNgrams(own, { seed: mixSeed(seed, 23) }, watch) }
      : own;
    return { vectors, texts: corpus.texts, tokens: corpus.tokens };
  } finally {
    remove();
  }
}

interface Settings
  extends Omit<z.output<typeof wordVectorOptionsSchema>, "minCount" | "vocabSize" | "cased" | "ngrams"> {
  seed: number;
  threads: number;
  folder: string;
}

const methods: Record<Settings["method"], (corpus: Corpus, settings: Settings, watch: Watch) => Promise<WordVectors>> =
  {
    svd: bySvd,
    glove: byGlove,
    skipgram: bySkipgram,
  };

async function bySvd(corpus: Corpus, settings: Settings, watch: Watch): Promise<WordVectors> {
  const { vectors, dim } = await svdVectors(corpus, settings, watch);
  if (dim === 0)
    throw new UserError(
      "The texts are too short: no two words co-occur more often than by chance. Provide more or longer texts.",
    );
  return createWordVectors({ words: corpus.words, dim, vectors, counts: corpus.counts, segmented: true });
}

/** GloVe's counts are harmonic and, by default, not thinned; its start may be what svd makes of its own counts. */
async function byGlove(corpus: Corpus, settings: Settings, watch: Watch): Promise<WordVectors> {
  const { window, subsample = 0, epochs = 15, seed, threads, folder } = settings;
  const first = settings.start === "svd" ? await bySvd(corpus, settings, watch) : undefined;
  const dim = first?.dim ?? Math.min(settings.dim, corpus.words.length);
  const pool = createPool(threads);
  let counts: PairCounts;
  try {
    const countOptions = { window, distanceWeight: "harmonic", subsample, seed, folder } as const;
    counts = await countPairs(corpus, countOptions, pool, watch);
  } finally {
    await pool.close();
  }
  if (counts.rowSums.every((sum) => sum === 0))
    throw new UserError("The texts are too short: no two words occur near each other. Provide longer texts.");
  const vectors = await fitGlove(counts, { dim, epochs, seed, threads, folder, start: first?.vectors }, watch);
  return createWordVectors({ words: corpus.words, dim, vectors, counts: corpus.counts, segmented: true });
}

async function bySkipgram(corpus: Corpus, settings: Settings, watch: Watch): Promise<WordVectors> {
  const { window, subsample = 1e-3, epochs = 5, seed, threads } = settings;
  const first = settings.start === "svd" ? await bySvd(corpus, settings, watch) : undefined;
  const dim = first?.dim ?? settings.dim;
  const options = { dim, window, subsample, epochs, seed, threads, start: first?.vectors };
  const vectors = await fitSkipgram(corpus, options, watch);
  return createWordVectors({ words: corpus.words, dim, vectors, counts: corpus.counts, segmented: true });
}
