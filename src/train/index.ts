// The training loop and early stopping.
export {
  type EpochFigures,
  type Figures,
  type LoopOptions,
  train,
  type TrainingBatch,
  type TrainingEvent,
  type TrainingOutcome,
} from "./loop.js";
export type { EarlyStopping } from "./watch-epochs.js";
