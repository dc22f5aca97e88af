// One pass over a cell's pairs, in an order drawn with the seed. Runs in a worker thread.
import { closeSync, openSync } from "node:fs";
import { createRandom } from "../../base/random.js";
import { readNumbers } from "../corpus.js";
import type { KernelPlace } from "../kernels/kernels.js";

/** Addresses of the parameters; a row has rowBytes. */
export interface GloveParameters {
  words: number;
  contexts: number;
  wordSquares: number;
  contextSquares: number;
  rowBytes: number;
}

export interface FitInput {
  files: readonly { path: string; pairs: number }[];
  parameters: GloveParameters;
  rate: number;
  seed: number;
}

/** Pairs that are drawn from at once; a thread's scratch holds as many. */
export const pairsAtOnce = 1 << 18;

export function fitCell({ files, parameters, rate, seed }: FitInput, { memory, kernels, scratch }: KernelPlace): void {
  const { words, contexts, wordSquares, contextSquares, rowBytes } = parameters;
  const random = createRandom(seed);
  const read = new Int32Array(4 * pairsAtOnce);
  const target = new Int32Array(memory.buffer, scratch, 4 * pairsAtOnce);
  let held = 0;

  function fit(): void {
    const order = random.shuffle(Int32Array.from({ length: held }, (_, i) => i));
    for (let i = 0; i < held; i++) {
      const source = 4 * order[i];
      for (let k = 0; k < 4; k++) target[4 * i + k] = read[source + k];
    }
    kernels.fitPairs(scratch, held, words, contexts, wordSquares, contextSquares, rowBytes, rate);
    held = 0;
  }

  for (const { path, pairs } of files) {
    const file = openSync(path, "r");
    try {
      for (let done = 0; done < pairs; ) {
        const count = Math.min(pairs - done, pairsAtOnce - held);
        readNumbers(file, read.subarray(4 * held, 4 * (held + count)), 4 * done);
        held += count;
        done += count;
        if (held === pairsAtOnce) fit();
      }
    } finally {
      closeSync(file);
    }
  }
  if (held > 0) fit();
}
