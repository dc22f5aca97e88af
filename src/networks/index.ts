// Networks that answer texts: shapes, heads, training, the ONNX file and scoring.
export { flopsByLength } from "./flops-by-length.js";
export { type AnswerForm, type Head, type HeadFigure, monitorOf, type OverallFigure } from "./head.js";
export { type BuiltTextNetwork, outputName, type TextNetwork } from "./network.js";
export {
  networkParameters,
  scoringFlops,
  textEncoderOnnx,
  textNetworkOnnx,
  textNetworkWeights,
} from "./network-graph.js";
export { type NetworkWeights, numbersOf } from "./network-weights.js";
export type { OpenedNetwork, TokenReading } from "./opened-network.js";
export { depthBelow, type PretrainedShape, pretrainedNetwork } from "./pretrained-network.js";
export { type QuantizedWeights, quantizedTensors, takeQuantized } from "./quantized-weights.js";
export { joinTargets, rowsIn, type Targets, takeTargets } from "./targets.js";
export {
  type EncodedRows,
  type EpochListener,
  type NetworkTraining,
  shardCount,
  shardGraph,
  type TrainedNetwork,
  trainTextNetwork,
} from "./train-network.js";
export { countTraining, type PlannedTraining, type TrainingCost, timeTraining } from "./training-cost.js";
export { unitRows } from "./unit-rows.js";
export {
  type WordNetworkName,
  type WordNetworkShape,
  wordNetwork,
  wordNetworkNames,
  wordTableName,
} from "./word-networks/architectures.js";
export { defaultShape, defaultTraining, fineTuning, longestText } from "./word-networks/defaults.js";
export { startTable } from "./word-networks/start-table.js";
