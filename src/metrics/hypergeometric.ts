// How many of some rows are wrong by chance.
import { logChoose } from "./log-factorial.js";

/**
 * The probability that, of `drawn` of `rows` rows that are drawn without replacement, at least `least` are among `marked` ones: Fisher's
 * exact test, one-sided. Equals 1 − scipy.stats.hypergeom.cdf(least − 1, rows, marked, drawn).
 *
 * @example
 * hypergeometricTail(3, 10, 4, 5); // 0.261…
 */
export function hypergeometricTail(least: number, rows: number, marked: number, drawn: number): number {
  const [from, to] = [Math.max(least, drawn + marked - rows, 0), Math.min(marked, drawn)];
  if (least <= Math.max(0, drawn + marked - rows)) return 1;
  const all = logChoose(rows, drawn);
  let tail = 0;
  for (let k = from; k <= to; k++) {
    const term = Math.exp(logChoose(marked, k) + logChoose(rows - marked, drawn - k) - all);
    tail += term;
    if (term < tail * 1e-17) break;
  }
  return Math.min(1, tail);
}
