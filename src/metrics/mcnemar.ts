// Whether two classifiers differ on the same rows.
import { logChoose } from "./log-factorial.js";

/**
 * Exact McNemar test (1947): if neither is better, each row that only one of them has right is right by the first with
 * probability ½. The two-sided probability of a split as uneven as this one, or more; 1 where no row tells them apart.
 * Equals statsmodels' `mcnemar(exact=True)`.
 *
 * @param first rows that only the first has right
 * @param second rows that only the second has right
 * @example
 * mcnemar(9, 1); // 0.0214…
 */
export function mcnemar(first: number, second: number): number {
  const [rows, fewer] = [first + second, Math.min(first, second)];
  if (2 * fewer === rows) return 1;
  let term = Math.exp(logChoose(rows, fewer) - rows * Math.LN2);
  let tail = 0;
  for (let k = fewer; k >= 0 && term > 0; k--) {
    tail += term;
    term *= k / (rows - k + 1);
  }
  return Math.min(1, 2 * tail);
}
