// Operations of texts, each counted from a graph of one row of its length.
import type { Flops } from "../graph/index.js";

/** @param count - of one row: it is asked once for each length */
export function flopsByLength(lengths: Iterable<number>, count: (length: number) => Flops): number {
  const known = new Map<number, number>();
  let sum = 0;
  for (const length of lengths) {
    if (!known.has(length)) {
      const { products, others } = count(length);
      known.set(length, products + others);
    }
    sum += known.get(length)!;
  }
  return sum;
}
