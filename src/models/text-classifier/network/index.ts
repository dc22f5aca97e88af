// The network families: shapes, training, the ONNX file and scoring.

export { type NetworkFamily, type NetworkShape, networkFamilies, networkOf, tableName } from "./architectures.js";
export { classWeights, defaultShape, defaultTraining, fineTuning, longestText } from "./defaults.js";
export type { BuiltNetwork, Network } from "./network.js";
export { encoderOnnx, type NetworkWeights, networkOnnx } from "./network-graph.js";
export { depthBelow, type PretrainedShape, pretrainedNetwork } from "./pretrained-network.js";
export { startTable } from "./start-table.js";
export { type EncodedRows, type NetworkTraining, type TrainedNetwork, trainNetwork } from "./train-network.js";
