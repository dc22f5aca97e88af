// The traditional baseline: TF-IDF of words and characters, linear SVMs, calibrated probabilities.
export { fitLinear, type LabelledTexts } from "./fit-linear.js";
export type { Calibration, LinearModel } from "./linear-model.js";
export {
  type LinearConfig,
  type LinearTensors,
  linearFromTensors,
  linearToTensors,
} from "./linear-tensors.js";
export { type LinearOptions, linearOptionsSchema } from "./options.js";
export { predictLinear } from "./predict-linear.js";
