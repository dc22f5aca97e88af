// From margins to probabilities: one slope and one offset a class, fitted on margins of rows that the classifier did
// not see. Knows no features.
import type { Calibration } from "./linear-model.js";

/** Strength of the pull of the offsets to 0, in rows. */
const offsetPrior = 3;
/** The slope is pulled to a usual one, so that it stays finite where every margin has the right sign. */
const usualSlope = 3;
const slopePrior = 0.3;

/**
 * Least log loss of softmax(slope · margins + offsets) by damped Newton steps: Platt scaling (1999) for two classes,
 * temperature scaling (Guo et al. 2017) with offsets for more.
 *
 * @param margins row-major (rows, columns); columns = 1 for two classes, otherwise = classes
 */
export function calibrate(margins: Float32Array, labels: Int32Array, classes: number): Calibration {
  const rows = labels.length;
  const columns = classes === 2 ? 1 : classes;
  let slope = usualSlope;
  const offsets = new Float32Array(classes);
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]++;
  const p = new Float32Array(classes);
  const gradient = new Float64Array(classes);
  const curvature = new Float64Array(classes);
  for (let pass = 0; pass < 60; pass++) {
    let slopeGradient = slopePrior * (slope - usualSlope);
    let slopeCurvature = slopePrior;
    gradient.fill(0);
    curvature.fill(0);
    for (let row = 0; row < rows; row++) {
      softmaxRow(margins, row * columns, { slope, offsets }, p, 0, classes);
      let mean = 0;
      let square = 0;
      for (let c = 0; c < classes; c++) {
        const margin = marginOf(margins, row * columns, columns, c);
        mean += p[c] * margin;
        square += p[c] * margin * margin;
        gradient[c] += p[c];
        curvature[c] += p[c] * (1 - p[c]);
      }
      slopeGradient += mean - marginOf(margins, row * columns, columns, labels[row]);
      slopeCurvature += square - mean * mean;
    }
    const slopeStep = clamp(slopeGradient / slopeCurvature, 1);
    slope = Math.max(1e-3, slope - slopeStep);
    let largest = Math.abs(slopeStep);
    for (let c = 0; c < classes; c++) {
      const step = clamp(
        (0.5 * (gradient[c] - counts[c] + offsetPrior * offsets[c])) / (curvature[c] + offsetPrior),
        0.5,
      );
      offsets[c] -= step;
      largest = Math.max(largest, Math.abs(step));
    }
    if (largest < 1e-3) break;
  }
  return { slope, offsets };
}

const smallest = 1e-6;

/**
 * Probabilities from anywhere, calibrated on rows that their model did not learn from: their logarithms are the margins.
 *
 * @param probabilities row-major (rows, classes)
 */
export function recalibrated(probabilities: Float32Array, labels: Int32Array, classes: number): Float32Array {
  const logs = probabilities.map((p) => Math.log(Math.max(smallest, p)));
  const margins = classes === 2 ? Float32Array.from(labels, (_, row) => logs[2 * row + 1] - logs[2 * row]) : logs;
  const calibration = calibrate(margins, labels, classes);
  const out = new Float32Array(probabilities.length);
  const columns = classes === 2 ? 1 : classes;
  for (let row = 0; row < labels.length; row++)
    softmaxRow(margins, row * columns, calibration, out, row * classes, classes);
  return out;
}

/** What stands in where there are too few rows to hold any out. */
export function usualCalibration(classes: number): Calibration {
  return { slope: usualSlope, offsets: new Float32Array(classes) };
}

/** Writes the probabilities of one row of margins to out[to … to + classes). */
export function softmaxRow(
  margins: Float32Array,
  from: number,
  { slope, offsets }: Calibration,
  out: Float32Array,
  to: number,
  classes: number,
): void {
  const columns = classes === 2 ? 1 : classes;
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) {
    const logit = slope * marginOf(margins, from, columns, c) + offsets[c];
    out[to + c] = logit;
    if (logit > most) most = logit;
  }
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    const value = Math.exp(out[to + c] - most);
    out[to + c] = value;
    sum += value;
  }
  for (let c = 0; c < classes; c++) out[to + c] /= sum;
}

/** Mean −ln p of the true class. */
export function calibratedLoss(
  margins: Float32Array,
  labels: Int32Array,
  calibration: Calibration,
  classes: number,
): number {
  const losses = calibratedLosses(margins, labels, calibration, classes);
  return losses.reduce((sum, loss) => sum + loss, 0) / labels.length;
}

/** −ln p of the true class of each row. */
export function calibratedLosses(
  margins: Float32Array,
  labels: Int32Array,
  calibration: Calibration,
  classes: number,
): Float64Array {
  const columns = classes === 2 ? 1 : classes;
  const p = new Float32Array(classes);
  return Float64Array.from(labels, (label, row) => {
    softmaxRow(margins, row * columns, calibration, p, 0, classes);
    return -Math.log(Math.max(1e-7, p[label]));
  });
}

function marginOf(margins: Float32Array, from: number, columns: number, c: number): number {
  if (columns > 1) return margins[from + c];
  return c === 1 ? margins[from] : 0;
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
