// Bootstrap intervals of the scores of sets of labels.
import { type BootstrapOptions, bootstrapRows } from "./bootstrap-rows.js";
import { checkLabels } from "./check-lengths.js";
import type { Interval } from "./wilson-interval.js";

export interface MultilabelIntervals {
  microF1: Interval;
  macroF1: Interval;
  samplesF1: Interval;
  exactMatch: Interval;
}

/**
 * Percentile bootstrap over rows; default 1,000 resamples, 95 %. The figures of a resample come from counts taken once a
 * row, of the labels that it has or gets. The same seed gives the same intervals.
 *
 * @param truth 0 or 1, row-major (rows, labels)
 * @param predicted 0 or 1, row-major (rows, labels)
 * @throws RangeError when the lengths differ, or are not a multiple of `labels`
 * @example
 * multilabelIntervals(truth, predicted, 28, { seed: 1 }).microF1; // { low: 0.55, high: 0.57 }
 */
export function multilabelIntervals(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  labels: number,
  options: BootstrapOptions = {},
): MultilabelIntervals {
  const rows = checkLabels(truth, predicted, labels);
  // Entries of row r are [start[r], start[r + 1]): the labels that it has or gets.
  const start = new Int32Array(rows + 1);
  let entries = 0;
  for (let at = 0; at < truth.length; at++) if (truth[at] + predicted[at] > 0) entries++;
  const cells = new Int32Array(entries);
  const rowF1 = new Float64Array(rows);
  const isExact = new Uint8Array(rows);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    let hits = 0;
    let touched = 0;
    for (let label = 0; label < labels; label++) {
      const at = row * labels + label;
      const both = truth[at] + predicted[at];
      if (both === 0) continue;
      cells[end++] = 2 * label + (both - 1);
      hits += both - 1;
      touched += both;
    }
    rowF1[row] = touched === 0 ? 0 : (2 * hits) / touched;
    isExact[row] = 2 * hits === touched ? 1 : 0;
    start[row + 1] = end;
  }
  // For each label the rows in which it is wrong, and those in which it is a hit.
  const tally = new Int32Array(2 * labels);
  return bootstrapRows(rows, options, (sample) => {
    tally.fill(0);
    let [f1Sum, exact] = [0, 0];
    for (let i = 0; i < sample.length; i++) {
      const row = sample[i];
      f1Sum += rowF1[row];
      exact += isExact[row];
      for (let at = start[row]; at < start[row + 1]; at++) tally[cells[at]]++;
    }
    let [macroSum, hits, errors] = [0, 0, 0];
    for (let label = 0; label < labels; label++) {
      const [wrong, right] = [tally[2 * label], tally[2 * label + 1]];
      if (right > 0) macroSum += (2 * right) / (2 * right + wrong);
      hits += right;
      errors += wrong;
    }
    return {
      microF1: hits === 0 ? 0 : (2 * hits) / (2 * hits + errors),
      macroF1: macroSum / labels,
      samplesF1: f1Sum / sample.length,
      exactMatch: exact / sample.length,
    };
  });
}
