// Logarithms of factorials and of binomial coefficients.

/** Below, the product itself is as good. */
const fewest = 32;

/**
 * ln n!, by Stirling's series from n = 32 (its next term is below 1e-17 there).
 *
 * @param n a whole number from 0
 * @example
 * logFactorial(4); // ln 24 = 3.178…
 */
export function logFactorial(n: number): number {
  if (n < fewest) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  const square = n * n;
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square) / square) / square) / n;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}

/** ln of the number of ways to choose k of n. */
export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
