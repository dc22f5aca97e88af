// Optimizers as loops over arrays, learning-rate schedules.
export { muonApply, muonDirection } from "./muon.js";
export {
  type OptimizerName,
  type OptimizerOptions,
  optimizerNames,
  type ResolvedOptimizer,
  resolveOptimizer,
} from "./options.js";
export { learningRateAt, type Schedule } from "./schedule.js";
export {
  createUpdate,
  type OptimizerState,
  type StepNumbers,
  type StretchOptions,
  type UpdateStretch,
} from "./update.js";
