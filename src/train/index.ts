// The training loop: steps, early stopping, checkpoints, the length of a run and its folder.
export { type CheckpointPace, checkpointPace, writeOrTell } from "./checkpoint-pace.js";
export { type CheckpointPlace, newestCheckpoint, stagePlace } from "./checkpoint-place.js";
export { type Checkpoint, checkpointSteps, readCheckpoint } from "./checkpoints.js";
export type { EarlyStopping } from "./early-stopping.js";
export {
  type EpochFigures,
  epochsOf,
  type TrainingBatch,
  type TrainingEvent,
  type TrainingOutcome,
  trainEpochs,
} from "./epochs.js";
export { exactNumber, type Figures } from "./figures.js";
export { type LoopEvent, type LoopOutcome, runLoop } from "./loop.js";
export { readNoted, removeNoted, writeNoted } from "./noted-tensors.js";
export type { LookPoint } from "./progress.js";
export { openRun, type UnfinishedRun } from "./run-folder.js";
export { plannedLength } from "./run-length.js";
export { readSealed, sealNote, writeSealed } from "./sealed-note.js";
export {
  fixedPlan,
  isLook,
  lastLookTokens,
  planSteps,
  type RunLength,
  runLengthSchema,
  type StepPlan,
  type StepTimes,
  scheduleFor,
  secondsOf,
} from "./step-plan.js";
export { arraysOf, executorState, restoreExecutor, type TrainerArray, type TrainerState } from "./trainer.js";
