// Batches of texts of like length: short texts do not pay for long ones. Deterministic under the seed.
import { createRandom } from "../../base/random.js";

export interface LengthBatch {
  /** Row numbers, at most the batch size. */
  rows: Int32Array;
  /** Positions of the batch: its longest text, rounded up so that few graphs serve many batches. */
  length: number;
}

/** Texts that are shuffled into like lengths together, in batches: the more, the less padding and the less chance. */
const batchesSortedTogether = 24;

/**
 * Every row once, in a new order for each seed; null keeps the rows' order within each length (for prediction). No
 * batch is longer than `maxLength`, which no text is.
 */
export function lengthBatches(
  lengths: ArrayLike<number>,
  batchSize: number,
  seed: number | null,
  maxLength = Infinity,
): LengthBatch[] {
  const order = Int32Array.from({ length: lengths.length }, (_, i) => i);
  const random = createRandom(seed ?? 0);
  if (seed !== null) random.shuffle(order);
  const together = seed === null ? order.length : batchSize * batchesSortedTogether;
  const batches: LengthBatch[] = [];
  for (let start = 0; start < order.length; start += together) {
    const part = order.slice(start, start + together).sort((a, b) => lengths[a] - lengths[b] || a - b);
    for (let from = 0; from < part.length; from += batchSize) {
      const rows = part.slice(from, from + batchSize);
      batches.push({ rows, length: Math.min(maxLength, roundLength(lengths[rows[rows.length - 1]])) });
    }
  }
  return seed === null ? batches : random.shuffle(batches);
}

/** Up to the next multiple of 8, from 64 on of 16, from 128 on of 32, and so on: at most a quarter more. */
export function roundLength(length: number): number {
  let step = 8;
  while (length > step * 8) step *= 2;
  return Math.max(8, Math.ceil(length / step) * step);
}
