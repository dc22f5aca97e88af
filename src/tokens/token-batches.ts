// Batches of token blocks for language modelling. A batch is a function of the step alone: a run goes on where it
// stopped without remembering anything.
import { createRandom, mixSeed } from "../base/random.js";
import { seededPermutation } from "./permutation.js";
import type { TokenSource } from "./token-file.js";

/** `sequences` rows of `length` ids, row by row. */
export interface TokenBatch {
  ids: Int32Array;
  targets: Int32Array;
  /** 1 where the target counts. */
  counts: Float32Array;
  /** For networks with a state: this batch does not go on where the one before it ended. */
  isStart: boolean;
}

export interface BatchPlan {
  sequences: number;
  length: number;
  seed: number;
}

export type TokenBatches = (step: number) => TokenBatch;

/**
 * Blocks from all over the corpus, each once an epoch, in a seeded order; every epoch cuts at other places.
 * `source` must hold more than `length` ids.
 */
export function shuffledBlocks(source: TokenSource, { sequences, length, seed }: BatchPlan): TokenBatches {
  // The last id is a target only. One block less than fits leaves room for the shift.
  const blocks = Math.max(1, Math.floor((source.length - 1) / length) - 1);
  const room = source.length - 1 - blocks * length;
  return (step) => {
    const batch = emptyBatch(sequences, length, true);
    for (let row = 0; row < sequences; row++) {
      const index = step * sequences + row;
      const epoch = Math.floor(index / blocks);
      const shift = createRandom(mixSeed(seed, epoch)).integer(room + 1);
      const block = seededPermutation(blocks, mixSeed(seed, epoch, 1))(index % blocks);
      fillRow(batch, row, length, source.read(shift + block * length, length + 1));
    }
    return batch;
  };
}

/**
 * The corpus as `sequences` streams side by side; each batch goes on where the one before ended, so that a state can be
 * carried. Every epoch cuts the streams at other places.
 */
export function parallelStreams(source: TokenSource, { sequences, length, seed }: BatchPlan): TokenBatches {
  const chunks = Math.max(1, Math.floor((source.length - 1 - sequences) / (sequences * length)) - 1);
  const stream = Math.floor((source.length - 1) / sequences);
  return (step) => {
    const epoch = Math.floor(step / chunks);
    const chunk = step % chunks;
    const shift = createRandom(mixSeed(seed, epoch)).integer(Math.max(1, stream - chunks * length));
    const batch = emptyBatch(sequences, length, chunk === 0);
    for (let row = 0; row < sequences; row++)
      fillRow(batch, row, length, source.read(row * stream + shift + chunk * length, length + 1));
    return batch;
  };
}

/** Blocks one after the other from evenly spread places, at most `count`: the same at every evaluation. */
export function evenBlocks(source: TokenSource, length: number, count: number): { ids: Int32Array; from: number }[] {
  const blocks = Math.max(1, Math.floor((source.length - 1) / length));
  const taken = Math.min(blocks, count);
  return Array.from({ length: taken }, (_, i) => {
    const from = Math.floor((i * blocks) / taken) * length;
    return { from, ids: source.read(from, Math.min(length + 1, source.length - from)) };
  });
}

/** What the masked objective does to a batch. */
export interface MaskPlan {
  maskId: number;
  /** Ids from here on may stand in for others. */
  firstWord: number;
  vocabSize: number;
  seed: number;
}

/**
 * Hides 15 % of the ids: 8 of 10 behind the mask's id, 1 behind a random one, 1 stays. Targets are the ids themselves,
 * and only the hidden ones count. Source: J. Devlin et al. 2018, arXiv:1810.04805, section 3.1.
 */
export function maskedBatches(batches: TokenBatches, plan: MaskPlan): TokenBatches {
  return (step) => {
    const batch = batches(step);
    return maskBatch(batch, plan, step);
  };
}

export function maskBatch(
  { ids, isStart }: Pick<TokenBatch, "ids" | "isStart">,
  { maskId, firstWord, vocabSize, seed }: MaskPlan,
  step: number,
): TokenBatch {
  const random = createRandom(mixSeed(seed, step, 2));
  const hidden = ids.slice();
  const counts = new Float32Array(ids.length);
  for (let i = 0; i < ids.length; i++) {
    if (random.float() >= 0.15 || ids[i] < firstWord) continue;
    counts[i] = 1;
    const fate = random.float();
    if (fate < 0.8) hidden[i] = maskId;
    else if (fate < 0.9) hidden[i] = firstWord + random.integer(vocabSize - firstWord);
  }
  // A batch without any hidden id would have no loss.
  if (!counts.includes(1)) {
    const at = random.integer(ids.length);
    counts[at] = 1;
    hidden[at] = maskId;
  }
  return { ids: hidden, targets: ids.slice(), counts, isStart };
}

function emptyBatch(sequences: number, length: number, isStart: boolean): TokenBatch {
  return {
    ids: new Int32Array(sequences * length),
    targets: new Int32Array(sequences * length),
    counts: new Float32Array(sequences * length).fill(1),
    isStart,
  };
}

function fillRow({ ids, targets }: TokenBatch, row: number, length: number, block: Int32Array): void {
  ids.set(block.subarray(0, length), row * length);
  targets.set(block.subarray(1, length + 1), row * length);
}
