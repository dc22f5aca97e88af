// How much more often a feature occurs in the rows of a class than in the others (naive Bayes as a feature weight).
import type { SparseRows } from "./sparse-rows.js";

/** In how many of `rows` each feature occurs, shape (features), for each class: (classes, features). */
export function countByClass(x: SparseRows, labels: Int32Array, rows: Int32Array, classes: number): Int32Array[] {
  const counts = Array.from({ length: classes }, () => new Int32Array(x.features));
  for (const row of rows) {
    const own = counts[labels[row]];
    for (let at = x.start[row]; at < x.start[row + 1]; at++) own[x.ids[at]]++;
  }
  return counts;
}

/**
 * |ln((p/‖p‖₁) / (q/‖q‖₁))| with p = 1 + rows of the class that have the feature, q the same of all other rows;
 * then blended: ratio · |r| + (1 − ratio) · mean |r|.
 *
 * Source: Wang and Manning, "Baselines and Bigrams" (2012), NBSVM with interpolation.
 */
export function featureScales(inClass: Int32Array, inAll: Int32Array, ratio: number): Float32Array {
  const features = inClass.length;
  const scales = new Float32Array(features).fill(1);
  if (ratio === 0 || features === 0) return scales;
  let sumClass = 0;
  let sumRest = 0;
  for (let f = 0; f < features; f++) {
    sumClass += 1 + inClass[f];
    sumRest += 1 + inAll[f] - inClass[f];
  }
  const offset = Math.log(sumRest / sumClass);
  let mean = 0;
  for (let f = 0; f < features; f++) {
    scales[f] = Math.abs(Math.log((1 + inClass[f]) / (1 + inAll[f] - inClass[f])) + offset);
    mean += scales[f] / features;
  }
  for (let f = 0; f < features; f++) scales[f] = ratio * scales[f] + (1 - ratio) * mean;
  return scales;
}
