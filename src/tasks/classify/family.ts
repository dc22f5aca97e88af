// What every family of text classifiers can do. Knows no family, no files and no labels' names.
import type { Watch } from "../../base/progress.js";
import type { WordVectors } from "../../embeddings/index.js";
import type { ModelFiles } from "../../folders/model-files.js";
import type { PretrainedNetwork } from "../language/index.js";

export interface LabelledRows {
  texts: readonly string[];
  /** Class index of each text, in [0, classes). */
  labels: Int32Array;
}

/** One object is handed to all families of a run, so it can be the key of what they share (a WeakMap of tokenizers). */
export interface TrainingRows {
  classes: number;
  training: LabelledRows;
  /** For early stopping and for the choice of the family; stratified, no text of it is in `training`. */
  validation: LabelledRows;
}

export interface TrainingOptions {
  seed: number;
  threads: number;
  /** Most epochs of a network; left out, the family decides by the size of the data. */
  epochs?: number;
  /** Networks start from these vectors of words, instead of random ones. */
  vectors?: WordVectors;
  /** Given vectors stay as they are; otherwise training goes on with them. */
  freezeVectors?: boolean;
  /** What fine-tuning starts from. */
  base?: PretrainedNetwork;
}

/** One epoch of a network, for learning curves. */
export interface EpochPoint {
  trainingLoss: number;
  validationLoss: number;
  validationAccuracy: number;
}

export interface Training {
  classifier: TrainedClassifier;
  /**
   * Probabilities of the validation rows, (rows, classes), from a model that did not learn from them. The choice
   * between the families rests on these.
   */
  validation: Float32Array;
  /** Empty for families without epochs. */
  epochs: EpochPoint[];
  /** Index into `epochs` of the parameters that were kept. */
  keptEpoch?: number;
  /** Why that one: it was best on the validation rows, or they are too few to tell. */
  kept?: "best" | "last";
  /** "cancelled": the signal came, and this is the best model so far. */
  stopped: "finished" | "early" | "cancelled";
}

/** A trained model, ready to answer. `close()` frees what it holds outside of JavaScript. */
export interface TrainedClassifier {
  readonly family: string;
  readonly classes: number;
  /** Number of parameters. */
  readonly parameters: number;
  /** Row-major probabilities (texts, classes); each row sums to 1. Callers pass some thousand texts at a time. */
  predict(texts: readonly string[]): Promise<Float32Array>;
  /** What a network sees in a text just before its last layer: (texts, dim). Families without such a layer have none. */
  readonly encoder?: { dim: number; encode(texts: readonly string[]): Promise<Float32Array> };
  /** What a model folder keeps of it; `load` of the same family takes it back. */
  files(): Promise<ModelFiles>;
  close(): Promise<void>;
}

export interface ClassifierFamily {
  /**
   * Trains on `rows.training`; may learn from `rows.validation` too once `validation` is computed.
   *
   * @throws CancelledError when the signal comes before there is a usable model
   */
  train(rows: TrainingRows, options: TrainingOptions, watch?: Watch): Promise<Training>;
  /** @throws UserError when the files do not belong to such a model */
  load(files: ModelFiles, options: { threads: number }): Promise<TrainedClassifier>;
}
