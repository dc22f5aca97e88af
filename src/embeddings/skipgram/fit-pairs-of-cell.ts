// One cell's pairs with drawn negatives: stochastic gradient descent. Runs in a worker thread.
import { createRandom } from "../../base/random.js";
import { sigmoidLimit, sigmoidSteps } from "../kernels/fit-samples.js";
import type { KernelPlace } from "../kernels/kernels.js";

export interface SampleInput {
  /** input, output, input, output … in the order of the corpus. */
  parts: readonly Int32Array[];
  /** Output words of this cell's class, each as often as its share of the draws. */
  negatives: Int32Array;
  negativesPerPair: number;
  inputs: number;
  outputs: number;
  rowBytes: number;
  rate: number;
  seed: number;
}

/** Pairs that go to the kernel at once. */
const pairsAtOnce = 4096;

/** Bytes of its own that a thread needs. */
export const sampleScratch = (rowBytes: number, negativesPerPair: number) =>
  4 * (sigmoidSteps + 16) + rowBytes + 4 * pairsAtOnce * (2 + negativesPerPair);

export function fitPairsOfCell(input: SampleInput, { memory, kernels, scratch }: KernelPlace): void {
  const { parts, negatives, negativesPerPair, inputs, outputs, rowBytes, rate, seed } = input;
  const targets = 1 + negativesPerPair;
  const sigmoid = scratch;
  const change = sigmoid + 4 * (sigmoidSteps + 16);
  const samplesAt = change + rowBytes;
  const table = new Float32Array(memory.buffer, sigmoid, sigmoidSteps + 1);
  for (let i = 0; i <= sigmoidSteps; i++) table[i] = 1 / (1 + Math.exp(-sigmoidLimit * ((2 * i) / sigmoidSteps - 1)));
  const samples = new Int32Array(memory.buffer, samplesAt, pairsAtOnce * (1 + targets));
  const random = createRandom(seed);
  for (const pairs of parts)
    for (let start = 0; start < pairs.length; start += 2 * pairsAtOnce) {
      const end = Math.min(pairs.length, start + 2 * pairsAtOnce);
      let at = 0;
      for (let i = start; i < end; i += 2) {
        samples[at++] = pairs[i];
        samples[at++] = pairs[i + 1];
        for (let k = 0; k < negativesPerPair; k++) samples[at++] = draw(pairs[i + 1]);
      }
      kernels.fitSamples(samplesAt, (end - start) / 2, targets, inputs, outputs, rowBytes, rate, sigmoid, change);
    }

  /** Another word than the true one, where the class has one. */
  function draw(but: number): number {
    for (let tries = 0; tries < 8; tries++) {
      const word = negatives[random.integer(negatives.length)];
      if (word !== but) return word;
    }
    return negatives[0];
  }
}
