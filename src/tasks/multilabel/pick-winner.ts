// The choice between models of sets of labels, by the validation rows alone.

/**
 * Index of the best model; hand them in cheapest first. A dearer one must have a better micro F1 than the best so far, by more
 * than the standard error of the difference. F1 is a ratio of sums over rows, 2 Σ hits / Σ (labels + answers), and its error is
 * that of its linear form, (2 hits − F1 · size) / mean size a row (W. G. Cochran, Sampling Techniques, 1977, 6.4), of
 * which the differences between the two models are taken row by row.
 *
 * @param predicted - for each model 0 or 1, row-major (rows, labels)
 * @param truth 0 or 1, row-major (rows, labels)
 * @example
 * pickBySets([Uint8Array.of(1, 0, 0, 0), Uint8Array.of(1, 0, 0, 1)], [1, 0, 0, 1], 2); // 1
 */
export function pickBySets(predicted: readonly Uint8Array[], truth: ArrayLike<number>, labels: number): number {
  const counted = predicted.map((own) => linearForm(own, truth, labels));
  let best = 0;
  for (let model = 1; model < counted.length; model++) {
    const [known, other] = [counted[best], counted[model]];
    const squares = other.parts.reduce((sum, part, row) => sum + (part - known.parts[row]) ** 2, 0);
    if (other.f1 - known.f1 > (Math.sqrt(squares) / truth.length) * labels) best = model;
  }
  return best;
}

function linearForm(predicted: ArrayLike<number>, truth: ArrayLike<number>, labels: number) {
  const rows = truth.length / labels;
  const [hits, sizes] = [new Float64Array(rows), new Float64Array(rows)];
  for (let at = 0; at < truth.length; at++) {
    const row = Math.floor(at / labels);
    hits[row] += truth[at] * predicted[at];
    sizes[row] += truth[at] + predicted[at];
  }
  const sum = (numbers: Float64Array) => numbers.reduce((total, one) => total + one, 0);
  const size = Math.max(1, sum(sizes));
  const f1 = (2 * sum(hits)) / size;
  return { f1, parts: hits.map((own, row) => ((2 * own - f1 * sizes[row]) * rows) / size) };
}
