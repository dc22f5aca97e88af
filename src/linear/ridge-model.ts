// What a trained ridge regression is. Data only.
import type { VectorColumns } from "./text-vectors.js";
import type { Vectorizer } from "./vectorizer.js";

export interface RidgeModel {
  vectorizer: Vectorizer;
  /** For models that take vectors of the texts as well. */
  vectors?: VectorColumns;
  /** Shape (features), in units of `scale`. */
  weights: Float32Array;
  /** prediction = mean + scale · (w·x + bias), then clipped to [least, most]. */
  bias: number;
  /** prediction = mean + scale · unknown where no n-gram is known. */
  unknown: number;
  /** Mean of the training numbers. */
  mean: number;
  scale: number;
  /** Smallest and largest of the training numbers. */
  least: number;
  most: number;
  /** The strength of the L2 penalty that was chosen. */
  penalty: number;
  /** UTF-16 units of each text that are read. */
  textLimit: number;
}
