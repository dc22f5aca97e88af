// What a trained linear model is. Data only.
import type { VectorColumns } from "./text-vectors.js";
import type { Vectorizer } from "./vectorizer.js";

export interface LinearModel {
  classes: number;
  /** Classifiers one against the rest: one for two classes (of class 1), otherwise one a class. */
  columns: number;
  vectorizer: Vectorizer;
  /** For models that take vectors of the texts as well. */
  vectors?: VectorColumns;
  /** Row-major (features, columns), those of n-grams first. */
  weights: Float32Array;
  /** Shape (columns). */
  bias: Float32Array;
  calibration: Calibration;
  /** Share of each class among the training rows, shape (classes): the answer where no n-gram is known. */
  prior: Float32Array;
  /** UTF-16 units of each text that are read. */
  textLimit: number;
}

/**
 * probabilities = softmax(slope · margins + offsets); with two classes the margins are (0, margin of class 1).
 */
export interface Calibration {
  slope: number;
  /** Shape (classes). */
  offsets: Float32Array;
}
