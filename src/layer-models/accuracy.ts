// The share of right answers, from a model's output and the targets of a loss.
import type { LossName } from "../nn/index.js";

/**
 * Mean share of right answers over the first `rows` rows. `output` has `rowSize` numbers a row, the last axis of
 * `classes`. Cross-entropies compare the largest output, anything else compares each number with ½.
 */
export function accuracyOf(
  loss: LossName,
  output: ArrayLike<number>,
  target: ArrayLike<number>,
  { rows, rowSize, classes }: { rows: number; rowSize: number; classes: number },
): number {
  const isSparse = loss === "sparseCategoricalCrossentropy";
  const count = rows * rowSize;
  let right = 0;
  if (isSparse || loss === "categoricalCrossentropy") {
    for (let start = 0; start < count; start += classes) {
      const wanted = isSparse ? target[start / classes] : largest(target, start, classes);
      if (largest(output, start, classes) === wanted) right++;
    }
    return (right * classes) / count;
  }
  for (let i = 0; i < count; i++) if (output[i] > 0.5 === target[i] > 0.5) right++;
  return right / count;
}

function largest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i] > values[start + best]) best = i;
  return best;
}
