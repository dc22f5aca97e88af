// Several tests at once.

/**
 * Probabilities corrected for the number of tests (S. Holm 1979): if none of the differences is real, one of them falls
 * below 0.05 in at most 5 % of the cases. In the order of the tests. Equals statsmodels' `multipletests(method="holm")`.
 *
 * @example
 * holm([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 */
export function holm(probabilities: readonly number[]): number[] {
  const order = [...probabilities.keys()].sort((a, b) => probabilities[a] - probabilities[b]);
  const corrected = new Array<number>(probabilities.length);
  let most = 0;
  for (const [place, test] of order.entries()) {
    most = Math.max(most, Math.min(1, (probabilities.length - place) * probabilities[test]));
    corrected[test] = most;
  }
  return corrected;
}
