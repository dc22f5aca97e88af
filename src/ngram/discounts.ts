// What modified Kneser-Ney smoothing takes from each count, found from counts of counts.
// S. F. Chen and J. Goodman, An Empirical Study of Smoothing Techniques for Language Modeling (1998), equation 26.

/** For data that do not follow the law behind the formula, such as an alphabet in which nothing is rare. */
const fallback = [0.5, 1, 1.5];

/**
 * D1, D2 and D3+ with Y = n1 / (n1 + 2 n2): D_c = c − (c + 1) Y n_(c+1) / n_c. Where this is not defined, or outside of
 * (0, c], all three are those that KenLM falls back to: 0.5, 1 and 1.5. None is 0: every context keeps something back
 * for tokens that never followed it.
 *
 * @param counts of the n-grams of one length; zeros are passed over
 * @example
 * discountsOf([1, 1, 1, 1, 2, 2, 3, 4]); // [0.5, 1.25, 1], with Y = 4 / 8
 */
export function discountsOf(counts: ArrayLike<number>): number[] {
  // n[c]: n-grams with the count c
  const n = [0, 0, 0, 0, 0];
  for (let i = 0; i < counts.length; i++) if (counts[i] <= 4) n[counts[i]]++;
  const y = n[1] / (n[1] + 2 * n[2]);
  const found = [1, 2, 3].map((c) => c - ((c + 1) * y * n[c + 1]) / n[c]);
  return found.every((discount, i) => discount > 0 && discount <= i + 1) ? found : [...fallback];
}
