// The standard normal distribution.

/** The 97.5 % point. */
export const z95 = 1.959963984540054;

/**
 * The probability of more than z. Continued fraction in the tail, power series near 0 (Abramowitz and Stegun 26.2.10 and
 * 26.2.14).
 *
 * @example
 * normalTail(1.96); // 0.0249…
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= (z * z) / (2 * n + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let n = 120; n >= 1; n--) fraction = n / (z + fraction);
  return density / (z + fraction);
}
