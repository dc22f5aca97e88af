// Rows that show what a topic is about: those nearest to its centre.
import { centresOf } from "./k-means.js";

/**
 * @param topics - of each row, from 0; −1 for none.
 * @returns for each topic at most `count` rows with different texts, the nearest first
 */
export function typicalRows(
  texts: ArrayLike<unknown>,
  vectors: Float32Array,
  dim: number,
  topics: Int32Array,
  topicCount: number,
  count: number,
): number[][] {
  const centres = centresOf(vectors, dim, topics, topicCount);
  const found = Array.from({ length: topicCount }, () => [] as { row: number; fit: number }[]);
  for (let row = 0; row < topics.length; row++) {
    const topic = topics[row];
    if (topic < 0) continue;
    let fit = 0;
    for (let d = 0; d < dim; d++) fit += vectors[row * dim + d] * centres[topic * dim + d];
    const best = found[topic];
    if (best.length === count && fit <= best[count - 1].fit) continue;
    const same = best.findIndex((other) => texts[other.row] === texts[row]);
    if (same >= 0) continue;
    best.push({ row, fit });
    best.sort((a, b) => b.fit - a.fit);
    if (best.length > count) best.pop();
  }
  return found.map((best) => best.map(({ row }) => row));
}
