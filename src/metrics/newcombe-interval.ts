// Interval for the difference of two shares.
import { z95 } from "./normal.js";
import { type Interval, wilsonInterval } from "./wilson-interval.js";

/**
 * First − second, 95 %: R. Newcombe's hybrid of two Wilson intervals (Statistics in Medicine 17, 1998, method 10). Equals
 * statsmodels' `confint_proportions_2indep(method="newcomb")`.
 *
 * @example
 * newcombeInterval([56, 70], [48, 80]); // { low: 0.052…, high: 0.334… }
 */
export function newcombeInterval(
  first: readonly [hits: number, rows: number],
  second: readonly [hits: number, rows: number],
  z = z95,
): Interval {
  const [a, b] = [wilsonInterval(...first, z), wilsonInterval(...second, z)];
  const [p, q] = [first[0] / first[1], second[0] / second[1]];
  return {
    low: p - q - Math.hypot(p - a.low, b.high - q),
    high: p - q + Math.hypot(a.high - p, q - b.low),
  };
}
