// From probabilities to class indices.

/**
 * Index of the largest value of each row; the first one in a tie.
 *
 * @param scores row-major (rows, classes): probabilities, logits or margins
 * @example
 * predictedClasses([0.9, 0.1, 0.2, 0.8], 2); // Int32Array [0, 1]
 */
export function predictedClasses(scores: ArrayLike<number>, classes: number): Int32Array {
  const predicted = new Int32Array(scores.length / classes);
  for (let row = 0; row < predicted.length; row++) {
    let best = row * classes;
    for (let at = best + 1; at < (row + 1) * classes; at++) if (scores[at] > scores[best]) best = at;
    predicted[row] = best - row * classes;
  }
  return predicted;
}
