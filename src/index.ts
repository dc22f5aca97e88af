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
export { type DuplicatesResult, findTableDuplicates } from "./workflows/duplicates.js";
export { type EmbedResult, embedTable } from "./workflows/embed.js";
export { type EmbeddingsEvaluateResult, evaluateEmbeddings } from "./workflows/embeddings-evaluate.js";
export { type EmbeddingsTrainResult, trainEmbeddings } from "./workflows/embeddings-train.js";
export { type EvaluateResult, evaluateClassifier } from "./workflows/evaluate.js";
export type { EvaluateOptions } from "./workflows/evaluate-options.js";
export { type GenerateResult, generateText } from "./workflows/generate.js";
export { type IndexResult, indexTable } from "./workflows/index-table.js";
export {
  type InspectedClassifier,
  type InspectedLanguageModel,
  type InspectResult,
  inspectModel,
} from "./workflows/inspect.js";
export { measurePerplexity, type PerplexityResult } from "./workflows/perplexity.js";
export { type PredictResult, predictTable } from "./workflows/predict.js";
export type { PredictOptions as PredictTableOptions } from "./workflows/predict-options.js";
export { type PretrainResult, pretrain } from "./workflows/pretrain/pretrain.js";
export type { PretrainOptions } from "./workflows/pretrain/pretrain-options.js";
export { type ScoreResult, scoreRows } from "./workflows/score.js";
export { type SearchResult, searchRows } from "./workflows/search.js";
export { findSimilar, type SimilarResult } from "./workflows/similar.js";
export { type TokenizeResult, tokenizeTable } from "./workflows/tokenize.js";
export { findTableTopics, type TopicsResult } from "./workflows/topics.js";
export { type TrainResult, trainClassifier } from "./workflows/train.js";
export type { TrainOptions } from "./workflows/train-options.js";
export type { WorkflowWatch } from "./workflows/watch.js";
