// GloVe: moves vectors until w·c + b + b̃ fits the log of the counts, by weighted least squares with AdaGrad.
// Source: J. Pennington, R. Socher, C. Manning 2014, GloVe: Global Vectors for Word Representation.
//
// The pairs lie in a grid of 16 × 16 cells, by row and column modulo 16. Cells on a diagonal share no row and no column, so
// threads work on them at the same time without disturbing each other, and the result is the same on any number of threads
// (R. Gemulla et al. 2011, Large-Scale Matrix Factorization with Distributed Stochastic Gradient Descent).
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Watch } from "../../base/progress.js";
import { createRandom, mixSeed } from "../../base/random.js";
import { createArena } from "../../kernels/index.js";
import type { PairCounts } from "../counts/count-pairs.js";
import { pairBytes } from "../kernels/fit-pairs.js";
import { createPool } from "../workers/pool.js";
import { type GloveParameters, pairsAtOnce } from "./fit-cell.js";

export interface GloveOptions {
  /** Dimensions of a vector. */
  dim: number;
  /** Passes over the counts. */
  epochs: number;
  /** AdaGrad's. Default 0.05. */
  rate?: number;
  /** Counts of at least this have full weight, smaller ones (x / most)^0.75. Default 100, at most the mean of the text. */
  most?: number;
  /** Seed of the initial vectors and the order of the counts. */
  seed: number;
  /** Threads to use; the result is the same with any number. */
  threads: number;
  /** For temporary files. */
  folder: string;
  /** Row-major (words, dim): word vectors to start from, instead of random ones. */
  start?: Float32Array;
}

const side = 16;

/** Word vectors plus context vectors, row-major (words, dim). */
export async function fitGlove(
  { matrix, unit }: PairCounts,
  { dim, epochs, rate = 0.05, most = 100, seed, threads, folder, start }: GloveOptions,
  watch: Watch = {},
): Promise<Float32Array> {
  const words = matrix.rows;
  const arena = createArena();
  const rowFloats = 4 * Math.ceil(dim / 4) + 4;
  const bytes = 4 * rowFloats * words;
  const parameters: GloveParameters = {
    words: arena.allocate(bytes),
    contexts: arena.allocate(bytes),
    wordSquares: arena.allocate(bytes),
    contextSquares: arena.allocate(bytes),
    rowBytes: 4 * rowFloats,
  };
  const pool = createPool(threads, { arena, scratchBytes: pairBytes * pairsAtOnce });
  try {
    const splits = matrix.blocks.map((block, i) => ({
      block,
      unit,
      side,
      most,
      power: 0.75,
      folder,
      name: `cells-${i}`,
    }));
    const pairs = await pool.run("split", splits, watch);
    const view = (address: number) => new Float32Array(arena.memory.buffer, address, rowFloats * words);
    initialise(view(parameters.words), dim, rowFloats, mixSeed(seed, 1), start);
    initialise(view(parameters.contexts), dim, rowFloats, mixSeed(seed, 2), start);
    view(parameters.wordSquares).fill(1);
    view(parameters.contextSquares).fill(1);
    const filesOf = (cell: number) =>
      pairs.map((counts, i) => ({ path: join(folder, `cells-${i}-${cell}`), pairs: counts[cell] }));
    const diagonals = Array.from({ length: side }, (_, i) => i);
    const random = createRandom(mixSeed(seed, 3));
    for (let epoch = 0; epoch < epochs; epoch++)
      for (const [done, diagonal] of random.shuffle([...diagonals]).entries()) {
        const inputs = diagonals.map((row) => {
          const cell = row * side + ((row + diagonal) % side);
          return { files: filesOf(cell), parameters, rate, seed: mixSeed(seed, 4, epoch, cell) };
        });
        await pool.run("fit", inputs, { signal: watch.signal });
        watch.onProgress?.({ stage: "fitting counts", done: epoch * side + done + 1, total: epochs * side });
      }
    for (const { path } of diagonals.flatMap((row) => diagonals.flatMap((column) => filesOf(row * side + column))))
      rmSync(path, { force: true });
    const [own, contexts] = [view(parameters.words), view(parameters.contexts)];
    const sum = new Float32Array(words * dim);
    for (let word = 0; word < words; word++)
      for (let d = 0; d < dim; d++) sum[word * dim + d] = own[word * rowFloats + d] + contexts[word * rowFloats + d];
    return sum;
  } finally {
    await pool.close();
  }
}

/** Uniform in ±0.5 / dim as in the reference program, or the given vectors; what pads a row stays 0. */
function initialise(rows: Float32Array, dim: number, rowFloats: number, seed: number, start?: Float32Array): void {
  const random = createRandom(seed);
  for (let row = 0; row * rowFloats < rows.length; row++)
    for (let d = 0; d < dim; d++)
      rows[row * rowFloats + d] = start ? start[row * dim + d] : (random.float() - 0.5) / dim;
}
