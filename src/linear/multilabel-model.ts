// What a trained linear model of sets of labels is. Data only.
import type { VectorColumns } from "./text-vectors.js";
import type { Vectorizer } from "./vectorizer.js";

export interface MultilabelModel {
  labels: number;
  vectorizer: Vectorizer;
  /** For models that take vectors of the texts as well. */
  vectors?: VectorColumns;
  /** Row-major (features, labels). */
  weights: Float32Array;
  /** Shape (labels). */
  bias: Float32Array;
  calibration: LabelCalibration;
  /** Share of the training rows with each label, shape (labels): the answer where no n-gram is known. */
  prior: Float32Array;
  /** UTF-16 units of each text that are read. */
  textLimit: number;
}

/** probability = 1 / (1 + exp(−(slope · margin + offset))); both of shape (labels). */
export interface LabelCalibration {
  slope: Float32Array;
  offset: Float32Array;
}
