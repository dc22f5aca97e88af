// Compiles graphs and runs them: training on worker threads, inference in the calling thread.
export type { OnnxParts } from "../formats/onnx/encode.js";
export {
  createExecutor,
  type Executor,
  type ExecutorOptions,
  type ExecutorState,
  type StepResult,
} from "./executor.js";
export type { ParameterInit, PlannedParameter } from "./memory.js";
export type { Feeds, Results } from "./messages.js";
export { type Numbers, type RuntimeType, runtimeVersion } from "./onnx-runtime.js";
export { type Feed, openSession, type Session } from "./session.js";
export { type StepCost, stepCost, trainingBytes } from "./step-cost.js";
export { compileForward, compileStep, type Lookup, type Slot, type StepGraph } from "./step-graph.js";
