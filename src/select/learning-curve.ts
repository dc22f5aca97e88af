// What more rows would bring: an inverse power law through the errors of models of ever more rows. Knows figures of samples of rows, no
// models.
import { percentileInterval, resampleRows } from "../metrics/index.js";

export interface MoreRows {
  /** How much less the error would be with twice the rows. */
  gain: number;
  /** 95 %, of the rows that the errors are measured on. */
  interval: { low: number; high: number };
}

/** Exponents that are tried: of text models, some 0.2 to 0.5 are usual. */
const exponents = Array.from({ length: 15 }, (_, i) => 0.1 * (i + 1));
const resamples = 400;

/**
 * error(n) = a + b·n^−c with a, b ≥ 0 (C. Cortes et al. 1994), by least squares; b and c are what the errors tell together, so it is
 * extrapolated to twice the largest number alone.
 *
 * @param counts rows that each model learned from, ascending; three at least
 * @param errors for each model its error on any of the `rows`
 * @throws RangeError for fewer than three models
 * @example
 * twiceTheRows([500, 1000, 2000], 300, errors); // { gain: 0.012, interval: { low: 0.003, high: 0.02 } }
 */
export function twiceTheRows(
  counts: readonly number[],
  rows: number,
  errors: readonly ((sample: ArrayLike<number>) => number)[],
  seed?: number,
): MoreRows {
  if (counts.length < 3 || errors.length !== counts.length)
    throw new RangeError(`${counts.length} numbers of rows and ${errors.length} errors: a curve needs three of each`);
  const gainOf = (sample: ArrayLike<number>) => {
    const curve = powerLaw(
      counts,
      errors.map((error) => error(sample)),
    );
    const most = counts[counts.length - 1];
    return curve(most) - curve(2 * most);
  };
  const { gains } = resampleRows(rows, { seed, resamples }, (sample) => ({ gains: gainOf(sample) }));
  return { gain: gainOf(Int32Array.from({ length: rows }, (_, row) => row)), interval: percentileInterval(gains) };
}

/** For each c a and b are a line's; the best c is kept. */
function powerLaw(counts: readonly number[], errors: readonly number[]): (count: number) => number {
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const level = meanOf(errors);
  let best = { a: level, b: 0, c: 1, squares: Number.POSITIVE_INFINITY };
  for (const c of exponents) {
    const x = counts.map((count) => (count / counts[0]) ** -c);
    const centre = meanOf(x);
    const slope =
      x.reduce((sum, one, i) => sum + (one - centre) * (errors[i] - level), 0) /
      x.reduce((sum, one) => sum + (one - centre) ** 2, 0);
    const isThrough = level - slope * centre < 0;
    // Where a line would be below 0, it is the one through 0.
    const b = Math.max(
      0,
      isThrough
        ? x.reduce((sum, one, i) => sum + one * errors[i], 0) / x.reduce((sum, one) => sum + one * one, 0)
        : slope,
    );
    const a = isThrough ? 0 : level - b * centre;
    const squares = x.reduce((sum, one, i) => sum + (errors[i] - a - b * one) ** 2, 0);
    if (squares < best.squares) best = { a, b, c, squares };
  }
  return (count) => best.a + best.b * (count / counts[0]) ** -best.c;
}
