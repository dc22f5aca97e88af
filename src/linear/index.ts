// Linear models on TF-IDF of words and characters: the traditional baselines.
export { recalibrated } from "./calibrate.js";
export { countFeatures } from "./count-features.js";
export { fitLinear, type LabelledTexts } from "./fit-linear.js";
export { fitMultilabel, type MultilabelTexts } from "./fit-multilabel.js";
export { fitRidge, type NumberedTexts } from "./fit-ridge.js";
export type { Calibration, LinearModel } from "./linear-model.js";
export {
  type LinearConfig,
  type LinearTensors,
  linearFromTensors,
  linearToTensors,
} from "./linear-tensors.js";
export type { LabelCalibration, MultilabelModel } from "./multilabel-model.js";
export {
  type MultilabelConfig,
  type MultilabelTensors,
  multilabelFromTensors,
  multilabelToTensors,
} from "./multilabel-tensors.js";
export {
  type LinearOptions,
  linearOptionsSchema,
  type MultilabelOptions,
  multilabelOptionsSchema,
  type RidgeOptions,
  ridgeOptionsSchema,
} from "./options.js";
export { type OutOfFold, outOfFold } from "./out-of-fold.js";
export { predictLinear } from "./predict-linear.js";
export { predictMultilabel } from "./predict-multilabel.js";
export { predictRidge } from "./predict-ridge.js";
export type { RidgeModel } from "./ridge-model.js";
export { type RidgeConfig, type RidgeTensors, ridgeFromTensors, ridgeToTensors } from "./ridge-tensors.js";
export type { TextVectors, VectorColumns } from "./text-vectors.js";
export { createUnitShares, type LinearSums, type UnitShares } from "./unit-shares.js";
export type { Vectorizer } from "./vectorizer.js";
