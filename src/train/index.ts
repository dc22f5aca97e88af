// The training loop and early stopping.
export {
  type EpochFigures,
  type Figures,
  type LoopOptions,
  type TrainingBatch,
  type TrainingEvent,
  type TrainingOutcome,
  train,
} from "./loop.js";
export type { EarlyStopping } from "./watch-epochs.js";
