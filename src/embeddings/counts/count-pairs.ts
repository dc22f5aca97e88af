// The matrix of co-occurrence: how often each word stands near each other one. Memory is bounded: pairs go to files by
// ranges of words, then each range is added up. Whole numbers are added, so the sums are the same on any number of threads.
import { join } from "node:path";
import type { Watch } from "../../base/progress.js";
import { mixSeed } from "../../base/random.js";
import type { Corpus } from "../corpus.js";
import type { SparseMatrix } from "../sparse-matrix.js";
import type { Pool } from "../workers/pool.js";

/** dynamic: (window + 1 - distance) / window, the mean of word2vec's random windows; harmonic: 1 / distance, as GloVe. */
export type DistanceWeight = "dynamic" | "harmonic" | "flat";

export interface PairCountOptions {
  /** Words on each side, up to 60. */
  window: number;
  /** Weight of a neighbour at distance d in a window of w words: dynamic (w − d + 1) / w, harmonic 1 / d, flat 1. */
  distanceWeight: DistanceWeight;
  /**
   * Words above this share are subsampled: each occurrence is kept with probability √(subsample / share), before windows
   * are formed (T. Mikolov et al. 2013, arXiv:1310.4546). 0 keeps all.
   */
  subsample: number;
  /** Seed of the subsampling. */
  seed: number;
  /** For temporary files; the matrix stays there. */
  folder: string;
}

export interface PairCounts {
  /** Symmetric; whole numbers in units of 1 / `unit`. */
  matrix: SparseMatrix;
  unit: number;
  rowSums: Float64Array;
}

/** Corpus positions a job. */
const stretch = 1 << 19;
/** Pairs that a job adds up at once: 130 MB. */
const pairsAtOnce = 4_000_000;

/**
 * Windows end with their text; words outside the vocabulary are removed before windows are formed.
 *
 * @example
 * const counts = await countPairs(corpus, { window: 5, distanceWeight: "flat", subsample: 0, seed: 0, folder }, pool);
 */
export async function countPairs(
  corpus: Omit<Corpus, "texts">,
  { window, distanceWeight, subsample, seed, folder }: PairCountOptions,
  pool: Pool,
  watch: Watch = {},
): Promise<PairCounts> {
  const chances = stayingChances(corpus, subsample);
  const keep = Uint32Array.from(chances, (chance) => Math.min(4294967295, Math.floor(chance * 4294967296)));
  const { firstRows, rangeOf } = planRanges(corpus, chances, window);
  const shared = {
    corpus: corpus.path,
    ids: corpus.ids,
    window,
    seed: mixSeed(seed, 17),
    keep,
    rangeOf,
    firstRows,
    folder,
  };
  const stretches = Array.from({ length: Math.ceil(corpus.length / stretch) }, (_, i) => ({
    ...shared,
    from: i * stretch,
    to: Math.min(corpus.length, (i + 1) * stretch),
  }));
  const collected = await pool.run("collect", stretches, { ...watch, stage: "counting pairs" });

  const { weights, unit } = distanceWeights(distanceWeight, window);
  const words = corpus.words.length;
  const pairsOf = new Map<string, Float64Array>();
  for (const { prefix, pairs } of collected)
    pairsOf.set(
      prefix,
      pairs.map((count, range) => count + (pairsOf.get(prefix)?.[range] ?? 0)),
    );
  const inputs = Array.from(firstRows, (firstRow, range) => ({
    files: [...pairsOf]
      .map(([prefix, pairs]) => ({ path: prefix + range, pairs: pairs[range] }))
      .filter(({ pairs }) => pairs > 0),
    firstRow,
    rows: (firstRows[range + 1] ?? words) - firstRow,
    columns: words,
    weights,
    out: join(folder, `counts-${range}`),
  }));
  const summed = await pool.run("sum", inputs, { ...watch, stage: "adding up pairs" });
  const rowSums = new Float64Array(words);
  for (const { block, rowSums: own } of summed) rowSums.set(own, block.firstRow);
  return { matrix: { rows: words, columns: words, blocks: summed.map(({ block }) => block) }, unit, rowSums };
}

/** The chance of each word to stay at a place of it. */
export function stayingChances({ counts, tokens }: Pick<Corpus, "counts" | "tokens">, subsample: number): Float64Array {
  return counts.map((count) => (subsample === 0 ? 1 : Math.min(1, Math.sqrt((subsample * tokens) / count))));
}

function planRanges({ counts }: Pick<Corpus, "counts">, chances: Float64Array, window: number) {
  const firstRows: number[] = [];
  const rangeOf = new Uint16Array(counts.length);
  let pairs = Number.POSITIVE_INFINITY;
  for (let word = 0; word < counts.length; word++) {
    const own = 2 * window * counts[word] * chances[word];
    if (pairs + own > pairsAtOnce || word - firstRows[firstRows.length - 1] >= 1 << 24) {
      firstRows.push(word);
      pairs = 0;
    }
    pairs += own;
    rangeOf[word] = firstRows.length - 1;
  }
  return { firstRows: Int32Array.from(firstRows), rangeOf };
}

function distanceWeights(kind: DistanceWeight, window: number): { weights: Float64Array; unit: number } {
  // 5040 / distance is whole up to 10, and rounded beyond.
  const unit = { flat: 1, dynamic: window, harmonic: 5040 }[kind];
  const weightAt = (distance: number) =>
    ({ flat: 1, dynamic: window + 1 - distance, harmonic: Math.round(unit / distance) })[kind];
  return { weights: Float64Array.from({ length: window + 1 }, (_, distance) => weightAt(distance)), unit };
}
