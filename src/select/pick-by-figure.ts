// The choice between models by any figure of the validation rows. Knows figures of samples of rows, no models.
import { resampleRows } from "../metrics/index.js";

/** Enough for a standard error, which is off by a tenth with so many. */
const resamples = 50;

/**
 * Index of the best model; hand them in cheapest first. A dearer one must be better than the best so far by more than the
 * standard error of the difference, that of the paired bootstrap (B. Efron 1979).
 *
 * @param rows how many there are
 * @param figures for each model the figure of any of the rows
 * @example
 * const rightOf = (right: number[]) => (sample: ArrayLike<number>) => sample.reduce((sum, row) => sum + right[row], 0);
 * pickByFigure(4, [rightOf([1, 0, 0, 1]), rightOf([1, 1, 1, 1])], { higherIsBetter: true }); // 1
 */
export function pickByFigure(
  rows: number,
  figures: readonly ((sample: ArrayLike<number>) => number)[],
  { higherIsBetter, strata, seed }: { higherIsBetter: boolean; strata?: ArrayLike<number>; seed?: number },
): number {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const sign = higherIsBetter ? 1 : -1;
  let best = 0;
  for (let model = 1; model < figures.length; model++) {
    const gain = (sample: ArrayLike<number>) => sign * (figures[model](sample) - figures[best](sample));
    const whole = gain(all);
    if (!(whole > 0)) continue;
    const { gains } = resampleRows(rows, { seed, strata, resamples }, (sample) => ({ gains: gain(sample) }));
    if (whole > deviationOf(gains)) best = model;
  }
  return best;
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1));
}
