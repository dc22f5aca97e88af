// Vectors of a tokenizer's tokens from how they stand near each other: where a language model may begin.
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { CancelledError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import { createRandom, mixSeed } from "../base/random.js";
import { temporaryFolder } from "../base/temporary.js";
import { textEnd, writeWhole } from "./corpus.js";
import { svdVectors } from "./svd/svd-vectors.js";

export interface TokenVectorOptions {
  /** Ids are whole numbers below this. */
  vocabSize: number;
  /** Dimensions of a vector. */
  dim: number;
  /** The id after each text. */
  endId?: number;
  /** Tokens to count, from the beginning. Default: all. */
  most?: number;
  /** Seed of the SVD's random directions. */
  seed: number;
  /** Threads to use; the result is the same with any number. */
  threads: number;
}

/** Rarer tokens tell nothing of their neighbours. */
const minCount = 5;
const window = 5;
/** Ids that are read at once. */
const chunk = 1 << 18;

/**
 * Vectors of length 1 on average, (vocabSize, dim) row-major. Values that the text does not determine (rare tokens,
 * dimensions beyond its rank) are random, with the same scale. The same ids, options and seed give the same bits on any
 * number of threads.
 *
 * Source: O. Levy, Y. Goldberg, I. Dagan 2015, doi:10.1162/tacl_a_00134 (SVD of positive mutual information).
 *
 * @throws CancelledError after an abort
 * @example
 * const vectors = await tokenVectors(tokens, { vocabSize: 8000, dim: 192, endId: 0, seed: 0, threads: 2 });
 */
export async function tokenVectors(
  tokens: { readonly length: number; read(from: number, count: number): Int32Array },
  { vocabSize, dim, endId, most = Number.POSITIVE_INFINITY, seed, threads }: TokenVectorOptions,
  watch: Watch = {},
): Promise<Float32Array> {
  const random = createRandom(mixSeed(seed, 29));
  const result = Float32Array.from({ length: vocabSize * dim }, () => random.normal() / Math.sqrt(dim));
  const { path: folder, remove } = temporaryFolder("columnist-tokens-");
  try {
    const length = Math.min(tokens.length, most);
    const path = join(folder, "tokens.int32");
    const seen = copyTokens(path, tokens, length, { vocabSize, endId }, watch);
    const chosen = Array.from(seen.keys())
      .filter((id) => seen[id] >= minCount)
      .sort((a, b) => seen[b] - seen[a] || a - b);
    if (chosen.length === 0) return result;
    const ids = new Int32Array(new SharedArrayBuffer(4 * vocabSize)).fill(-1);
    for (const [row, id] of chosen.entries()) ids[id] = row;
    const counts = Float64Array.from(chosen, (id) => seen[id]);
    const corpus = { words: chosen.map(String), counts, tokens: counts.reduce((a, b) => a + b, 0), path, length, ids };
    const found = await svdVectors(corpus, { dim, window, seed, threads, folder }, watch);
    const known = Math.sqrt(found.dim / dim);
    for (const [row, id] of chosen.entries())
      for (let d = 0; d < found.dim; d++) result[id * dim + d] = known * found.vectors[row * found.dim + d];
    return result;
  } finally {
    remove();
  }
}

/** As 32-bit numbers with text ends. @returns how often each id stands there */
function copyTokens(
  path: string,
  tokens: Parameters<typeof tokenVectors>[0],
  length: number,
  { vocabSize, endId }: Pick<TokenVectorOptions, "vocabSize" | "endId">,
  watch: Watch,
): Float64Array {
  const seen = new Float64Array(vocabSize);
  const file = openSync(path, "w");
  try {
    for (let from = 0; from < length; from += chunk) {
      if (watch.signal?.aborted) throw new CancelledError("Stopped before training started.");
      const ids = Int32Array.from(tokens.read(from, Math.min(chunk, length - from)));
      for (let i = 0; i < ids.length; i++)
        if (ids[i] === endId) ids[i] = textEnd;
        else seen[ids[i]]++;
      writeWhole(file, new Uint8Array(ids.buffer));
    }
  } finally {
    closeSync(file);
  }
  return seen;
}
