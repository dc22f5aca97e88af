// Random shares.
import type { Random } from "../base/random.js";

/**
 * A number from the gamma distribution of this shape and scale 1 (G. Marsaglia and W. Tsang, ACM TOMS 26, 2000).
 *
 * @param shape above 0
 */
export function gammaSample(shape: number, random: Random): number {
  if (shape < 1) return gammaSample(shape + 1, random) * (1 - random.float()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.float()) < x * x * 0.5 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * What the share may be of which `hits` of `rows` were seen: the Bayesian bootstrap (D. Rubin, Annals of Statistics 9, 1981), in
 * which each row's weight is drawn, with Jeffreys' half a row more on both sides, so that 0 of 8 is not certain.
 *
 * @returns `draws` shares
 * @example
 * shareDraws(8, 10, 1000, createRandom(1)); // around 0.77, 95 % from 0.5 to 0.95
 */
export function shareDraws(hits: number, rows: number, draws: number, random: Random): Float64Array {
  return Float64Array.from({ length: draws }, () => {
    const own = gammaSample(hits + 0.5, random);
    return own / (own + gammaSample(rows - hits + 0.5, random));
  });
}
