// Optimizers as loops over shared memory, learning-rate schedules.
export { loadOptimizerKernels, type OptimizerKernels } from "./kernels.js";
export { createMissedSteps, type MissedSteps, mostMissed } from "./missed-steps.js";
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
  type OptimizerPlaces,
  type StepNumbers,
  type StretchOptions,
  type UpdateStretch,
} from "./update.js";
