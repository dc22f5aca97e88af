// The answers furthest from the truth: where to look for wrong numbers and missing examples.

export interface LargeError {
  text: string;
  truth: number;
  predicted: number;
  /** predicted − truth */
  error: number;
}

/** At most `count` answers that are not exact, the largest error first. */
export function largestErrors(
  texts: readonly string[],
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  count = 12,
): LargeError[] {
  const size = (row: number) => Math.abs(predicted[row] - truth[row]);
  return [...texts.keys()]
    .filter((row) => size(row) > 0)
    .sort((a, b) => size(b) - size(a) || a - b)
    .slice(0, count)
    .map((row) => ({
      text: texts[row],
      truth: truth[row],
      predicted: predicted[row],
      error: predicted[row] - truth[row],
    }));
}
