// Columnist as a library: models of layers, language models, tokenizers, tables, metrics.
export { CancelledError, UserError } from "./base/errors.js";
export type { Progress, Watch } from "./base/progress.js";
/** Vectors of words. */
export * as embeddings from "./embeddings/index.js";
export { decodeSafetensors, encodeSafetensors } from "./formats/safetensors.js";
/** The engine below the layers: symbolic tensors, ops, gradients. */
export * as graph from "./graph/index.js";
export * as metrics from "./metrics/index.js";
export * from "./models/index.js";
/** Language models: n-grams, the common interface, model folders. */
export * as languageModels from "./models/language-model/index.js";
export {
  activation,
  add,
  concatenate,
  conv1d,
  dense,
  dropout,
  embedding,
  flatten,
  globalAveragePooling,
  globalMaxPooling,
  type Layer,
  type LossName,
  layerNormalization,
  lstm,
  masking,
  multiHeadAttention,
  positionalEmbedding,
  reshape,
  residual,
  rmsNormalization,
  scaledDotProductAttention,
  transformerDecoderBlock,
  transformerEncoderBlock,
} from "./nn/index.js";
export type { OptimizerName, OptimizerOptions, Schedule } from "./optim/index.js";
/** Compiles graphs and runs them on worker threads. */
export * as runtime from "./runtime/index.js";
export * as tables from "./tables/index.js";
export * as text from "./text/index.js";
export type { EpochFigures, TrainingEvent } from "./train/index.js";
export { type EvaluateResult, evaluateClassifier } from "./workflows/evaluate.js";
export type { EvaluateOptions } from "./workflows/evaluate-options.js";
export {
  type InspectedClassifier,
  type InspectedLanguageModel,
  type InspectResult,
  inspectModel,
} from "./workflows/inspect.js";
export { type PredictResult, predictTable } from "./workflows/predict.js";
export type { PredictOptions as PredictTableOptions } from "./workflows/predict-options.js";
export { type TrainResult, trainClassifier } from "./workflows/train.js";
export type { TrainOptions } from "./workflows/train-options.js";
export type { WorkflowWatch } from "./workflows/watch.js";
