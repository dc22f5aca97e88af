// Skip-gram with negative sampling. Sources: T. Mikolov et al. 2013, arXiv:1310.4546; its program word2vec.
//
// word2vec's threads write over each other (Hogwild), so no two runs agree. Here the pairs of a chunk of the corpus lie in a
// grid of cells by input and output word modulo 16; cells on a diagonal share no word, so threads work on them at the same
// time and the result is the same on any number of threads. Negatives come from the cell's own output words.
import type { Watch } from "../../base/progress.js";
import { createRandom, mixSeed } from "../../base/random.js";
import { createArena } from "../../kernels/index.js";
import type { Corpus } from "../corpus.js";
import { stayingChances } from "../counts/count-pairs.js";
import { createPool } from "../workers/pool.js";
import { sampleScratch } from "./fit-pairs-of-cell.js";

export interface SkipgramOptions {
  /** Dimensions of a vector. */
  dim: number;
  /** Maximum number of words on each side. */
  window: number;
  /** As for counts. */
  subsample: number;
  /** Negative samples per pair. Default 5. */
  negatives?: number;
  /** Passes over the texts. */
  epochs: number;
  /** Initial learning rate; it falls linearly to 0.0001. Default 0.025. */
  rate?: number;
  /** Seed of the initial vectors and of all samples. */
  seed: number;
  /** Threads to use; the result is the same with any number. */
  threads: number;
  /** Row-major (words, dim): input vectors to start from, instead of random ones. */
  start?: Float32Array;
}

const side = 16;
/** Corpus positions that a job draws pairs from, and stretches in a chunk. */
const stretch = 1 << 15;
const stretchesAtOnce = 16;
/** Places in a class's table of negatives. */
const tableSize = 1 << 16;
const lastRate = 1e-4;

/** Input vectors, row-major (words, dim). */
export async function fitSkipgram(corpus: Corpus, options: SkipgramOptions, watch: Watch = {}): Promise<Float32Array> {
  const { dim, window, subsample, negatives = 5, epochs, rate: firstRate = 0.025, seed, threads, start } = options;
  const words = corpus.words.length;
  const rowFloats = 4 * Math.ceil(dim / 4);
  const rowBytes = 4 * rowFloats;
  const arena = createArena();
  const inputs = arena.allocate(rowBytes * words);
  const outputs = arena.allocate(rowBytes * words);
  const pool = createPool(threads, { arena, scratchBytes: sampleScratch(rowBytes, negatives) });
  try {
    const view = new Float32Array(arena.memory.buffer, inputs, rowFloats * words);
    const random = createRandom(mixSeed(seed, 1));
    for (let word = 0; word < words; word++)
      for (let d = 0; d < dim; d++)
        view[word * rowFloats + d] = start ? start[word * dim + d] : (random.float() - 0.5) / dim;
    const chances = stayingChances(corpus, subsample);
    const keep = Uint32Array.from(chances, (chance) => Math.min(4294967295, Math.floor(chance * 4294967296)));
    const tables = Array.from({ length: side }, (_, remainder) => negativesOf(corpus.counts, remainder));
    const stretches = Math.ceil(corpus.length / stretch);
    const chunks = Math.ceil(stretches / stretchesAtOnce);
    for (let epoch = 0; epoch < epochs; epoch++)
      for (let chunk = 0; chunk < chunks; chunk++) {
        const done = epoch * chunks + chunk;
        const total = epochs * chunks;
        const rate = Math.max(lastRate, firstRate * (1 - done / total));
        watch.onProgress?.({ stage: "fitting pairs", done, total });
        const first = chunk * stretchesAtOnce;
        const draws = Array.from({ length: Math.min(stretchesAtOnce, stretches - first) }, (_, i) => ({
          corpus: corpus.path,
          ids: corpus.ids,
          from: (first + i) * stretch,
          to: Math.min(corpus.length, (first + i + 1) * stretch),
          window,
          seed: mixSeed(seed, 2, epoch),
          keep,
          side,
        }));
        const drawn = await pool.run("draw", draws, { signal: watch.signal });
        const diagonals = createRandom(mixSeed(seed, 3, done)).shuffle(Array.from({ length: side }, (_, i) => i));
        for (const diagonal of diagonals) {
          const cells = Array.from({ length: side }, (_, input) => {
            const output = (input + diagonal) % side;
            return {
              parts: drawn.map((parts) => parts[input + side * output]),
              negatives: tables[output],
              negativesPerPair: tables[output].length > 0 ? negatives : 0,
              inputs,
              outputs,
              rowBytes,
              rate,
              seed: mixSeed(seed, 4, done, input + side * output),
            };
          });
          await pool.run("sample", cells, { signal: watch.signal });
        }
      }
    const vectors = new Float32Array(words * dim);
    for (let word = 0; word < words; word++)
      vectors.set(view.subarray(word * rowFloats, word * rowFloats + dim), word * dim);
    return vectors;
  } finally {
    await pool.close();
  }
}

/** The words of a class, each in as many places as its count^0.75 has of the sum; one at least. Shared with workers. */
function negativesOf(counts: Float64Array, remainder: number): Int32Array {
  let sum = 0;
  for (let word = remainder; word < counts.length; word += side) sum += counts[word] ** 0.75;
  const places: number[] = [];
  for (let word = remainder, upTo = 0; word < counts.length; word += side) {
    upTo += counts[word] ** 0.75 / sum;
    do places.push(word);
    while (places.length < Math.round(upTo * tableSize));
  }
  const table = new Int32Array(new SharedArrayBuffer(4 * places.length));
  table.set(places);
  return table;
}
