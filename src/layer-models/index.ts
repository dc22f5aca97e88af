// Models of layers: sequential and functional, training, prediction, saving.
export type { CompileOptions, MetricName } from "./compile-options.js";
export type { FitOptions, History } from "./fit.js";
export { attentionWeights, type InputOptions, input } from "./input.js";
export { type LoadModelOptions, loadModel } from "./load-model.js";
export { type EvaluateOptions, type Model, model } from "./model.js";
export { oneHot } from "./one-hot.js";
export type { PredictOptions } from "./predict.js";
export type { InputData } from "./read-inputs.js";
export type { TargetData } from "./read-targets.js";
export type { ClassWeight } from "./row-weights.js";
export { type SequentialOptions, sequential } from "./sequential.js";
export type { SequentialItem } from "./sequential-plan.js";
export { type DataLike, type TensorData, toNested } from "./tensor-data.js";
