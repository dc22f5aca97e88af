// Columnist as a library: models of layers, language models, tokenizers, tables, metrics.
export type {
  Association,
  AssociationAudit,
  AssociationTest,
  AuditFigure,
  AuditPage,
  ColumnAudit,
  Flips,
  Gap,
  GapMeasure,
  GroupFigures,
  GroupSwap,
  LabelFigures,
  Moved,
  PairOfGroups,
  PronounAudit,
  PronounScore,
  StereotypeScore,
  SwapAudit,
  WordSet,
  WordSwap,
} from "./audit/index.js";
export { CancelledError, type ToldError, UserError } from "./base/errors.js";
export type { OptionSpelling } from "./base/option.js";
export type { Progress, ProgressListener, Watch } from "./base/progress.js";
export type { Random } from "./base/random.js";
export type { WorkflowWatch } from "./base/watch.js";
export type { Finding, FindingEffect, FindingExample, FindingKind, RowPlace } from "./checks/index.js";
export type { FamilyCost } from "./cost/index.js";
export type { DuplicateKind } from "./duplicates/index.js";
/** Word vectors. */
export * as embeddings from "./embeddings/index.js";
export type {
  DrivingTerm,
  DrivingTerms,
  Explanation,
  Measured,
  MethodName,
  NearRow,
  Shares,
  Span,
  Trust,
  WordAttention,
  WordShare,
} from "./explain/index.js";
/** Facts stored in folders. */
export type { FactsOf, Kind as FolderKind, OwnFacts, WriteFolderOptions } from "./folders/index.js";
export { decodeSafetensors, encodeSafetensors, type NamedArray } from "./formats/safetensors.js";
/** The engine below the layers: symbolic tensors, ops, gradients. */
export * as graph from "./graph/index.js";
export {
  type CachedModel,
  type FoundModel,
  findModel,
  type ModelDescription,
  type ModelKind,
  type PulledModel,
  type PullOptions,
  pullModel,
} from "./hub/index.js";
export * from "./layer-models/index.js";
export * as metrics from "./metrics/index.js";
export {
  type ActivationName,
  activation,
  add,
  type ConcatenateOptions,
  type Conv1dOptions,
  type CustomKinds,
  type CustomLayer,
  type CustomLayerDefinition,
  concatenate,
  conv1d,
  type DenseOptions,
  defineLayer,
  dense,
  dropout,
  type EmbeddingOptions,
  embedding,
  flatten,
  globalAveragePooling,
  globalMaxPooling,
  type Initializer,
  type InnerShapes,
  type InputSpec,
  type KeysAndValues,
  type Layer,
  type LayerCall,
  type LayerContext,
  type LayerDefinition,
  type LayerDescription,
  type LayerKind,
  type LayerNormalizationOptions,
  type LayerOptions,
  type LayerResult,
  type LayerTensor,
  type LossName,
  type LstmOptions,
  layerNormalization,
  lstm,
  type MultiHeadAttentionOptions,
  masking,
  multiHeadAttention,
  type ParameterSpec,
  type Past,
  type PositionalEmbeddingOptions,
  positionalEmbedding,
  type RmsNormalizationOptions,
  reshape,
  residual,
  rmsNormalization,
  type ScaledDotProductAttentionOptions,
  scaledDotProductAttention,
  type TransformerDecoderBlockOptions,
  type TransformerEncoderBlockOptions,
  transformerDecoderBlock,
  transformerEncoderBlock,
} from "./nn/index.js";
export type { OptimizerName, OptimizerOptions, Schedule } from "./optim/index.js";
export type { Figure } from "./report/figure.js";
/** Compiles graphs and runs them on worker threads. */
export * as runtime from "./runtime/index.js";
export * as tables from "./tables/index.js";
export type { Mistake } from "./tasks/classify/mistakes.js";
export type { ClassificationScores } from "./tasks/classify/scores.js";
export type { Classification } from "./tasks/classify/task.js";
export type {
  Comparison,
  DecisionFigures,
  DecisionRequest,
  Evaluation,
  GroupAnswers,
  GroupScores,
  Measure,
  MeasuredRows,
  ModelResult,
  ResultTable,
  TaskName,
} from "./tasks/index.js";
/** Language models: n-grams, the common interface, model folders. */
export * as languageModels from "./tasks/language/index.js";
export type { HistoryPoint } from "./tasks/language/language-model.js";
export type { OddRow } from "./tasks/language/oddest-texts.js";
export type { TextProbability } from "./tasks/language/serve.js";
export type { SetMistake } from "./tasks/multilabel/mistakes.js";
export type { SetScores } from "./tasks/multilabel/scores.js";
export type { LabelSet } from "./tasks/multilabel/task.js";
export { type OpenModel, type OpenModelOptions, openModel, type Row } from "./tasks/open-model.js";
export type { LargeError } from "./tasks/regression/mistakes.js";
export type { NumberScores } from "./tasks/regression/scores.js";
export type { Regression } from "./tasks/regression/task.js";
export { type RowPart, type RowParts, readRowParts } from "./tasks/row-parts.js";
export type { TextVector } from "./tasks/serve-encoder.js";
export * as text from "./text/index.js";
export type { Topic, TopicShares } from "./topics/index.js";
export type { EarlyStopping, EpochFigures, Figures, TrainingEvent } from "./train/index.js";
export type { AuditOptions } from "./workflows/audit/options.js";
export { type AuditResult, auditModel } from "./workflows/audit/run.js";
export { findTableLabelErrors, type LabelErrorsResult, type SuspiciousRow } from "./workflows/check/label-errors.js";
export type { CheckOptions, LabelErrorsOptions } from "./workflows/check/options.js";
export { type CheckResult, checkTable } from "./workflows/check/run.js";
export type { ClassifyOptions } from "./workflows/classify/options.js";
export { type ClassifyResult, classifyTable } from "./workflows/classify/run.js";
export type { CompareOptions } from "./workflows/compare/options.js";
export {
  type ComparedModelResult,
  type CompareResult,
  compareModels,
  type ModelDifference,
} from "./workflows/compare/run.js";
export type { AnsweringCostResult } from "./workflows/cost/answering.js";
export type { CostOptions } from "./workflows/cost/options.js";
export { type CostResult, tellCost } from "./workflows/cost/run.js";
export type { FamilyCostResult, TrainingCostResult } from "./workflows/cost/training.js";
export type { DistilOptions } from "./workflows/distil/options.js";
export { type DistilResult, distilVectors } from "./workflows/distil/run.js";
export { distilModel, type ModelCost, type StudentResult } from "./workflows/distil/student.js";
export type { StudentOptions } from "./workflows/distil/student-options.js";
export type { DuplicatesOptions } from "./workflows/duplicates/options.js";
export { type DuplicateGroup, type DuplicatesResult, findTableDuplicates } from "./workflows/duplicates/run.js";
export type { EmbedOptions } from "./workflows/embed/options.js";
export { type EmbedResult, embedTable } from "./workflows/embed/run.js";
export type { EmbeddingsEvaluateOptions } from "./workflows/embeddings-evaluate/options.js";
export { type EmbeddingsEvaluateResult, evaluateEmbeddings } from "./workflows/embeddings-evaluate/run.js";
export type { EmbeddingsTrainOptions } from "./workflows/embeddings-train/options.js";
export { type EmbeddingsTrainResult, trainEmbeddings } from "./workflows/embeddings-train/run.js";
export type { EvaluateTableOptions } from "./workflows/evaluate/options.js";
export { type EvaluateResult, evaluateModel } from "./workflows/evaluate/run.js";
export type { Division, SliceSearch, WeakSlice } from "./workflows/evaluate/weak-slices.js";
export type { NearestRows } from "./workflows/explain/nearest.js";
export type { ExplainOptions } from "./workflows/explain/options.js";
export { explainText, type SmallestChange, type TextExplanation } from "./workflows/explain/run.js";
export { explainTable, type TableExplanation } from "./workflows/explain/table.js";
export type { ExplainResult } from "./workflows/explain/with-explainer.js";
export type { ExportOptions } from "./workflows/export/options.js";
export { type ExportResult, exportModel } from "./workflows/export/run.js";
export type { ExtractOptions } from "./workflows/extract/options.js";
export { type ExtractResult, extractFields } from "./workflows/extract/run.js";
export type { GenerateTextOptions } from "./workflows/generate/options.js";
export { type GenerateResult, generateText, type TextListener, type WrittenText } from "./workflows/generate/run.js";
export type { IndexOptions } from "./workflows/index/options.js";
export { type IndexResult, indexTable } from "./workflows/index/run.js";
export {
  type InspectedEncoder,
  type InspectedFolder,
  type InspectedIndex,
  type InspectedLanguageModel,
  type InspectedLayerModel,
  type InspectedRun,
  type InspectedTextModel,
  type InspectedVectors,
  type InspectResult,
  inspectModel,
  type PretrainingResults,
} from "./workflows/inspect/run.js";
export { type ListedModel, listModels } from "./workflows/models/run.js";
export type { PerplexityOptions } from "./workflows/perplexity/options.js";
export { measurePerplexity, type PerplexityResult } from "./workflows/perplexity/run.js";
export type { PredictTableOptions } from "./workflows/predict/options.js";
export { type PredictResult, predictTable } from "./workflows/predict/run.js";
export type { PretrainOptions } from "./workflows/pretrain/options.js";
export { type PretrainResult, pretrain } from "./workflows/pretrain/run.js";
export type { QuantizedModel } from "./workflows/quantize/kinds.js";
export type { QuantizeOptions } from "./workflows/quantize/options.js";
export { type QuantizeResult, quantizeModel } from "./workflows/quantize/run.js";
export type { ReportOptions } from "./workflows/report/options.js";
export { type ReportResult, showReport } from "./workflows/report/run.js";
export type { ScoreOptions } from "./workflows/score/options.js";
export { type ScoreResult, scoreRows } from "./workflows/score/run.js";
export type { SearchOptions } from "./workflows/search/options.js";
export { type SearchAnswer, type SearchResult, searchRows } from "./workflows/search/run.js";
export type { SimilarOptions } from "./workflows/similar/options.js";
export { findSimilar, type SimilarResult } from "./workflows/similar/run.js";
export type { TokenizeOptions } from "./workflows/tokenize/options.js";
export { type TokenizeResult, tokenizeTable } from "./workflows/tokenize/run.js";
export type { TopicsOptions } from "./workflows/topics/options.js";
export { findTableTopics, type TopicsResult } from "./workflows/topics/run.js";
export type { TrainOptions } from "./workflows/train/options.js";
export { type TrainResult, trainModel } from "./workflows/train/run.js";
