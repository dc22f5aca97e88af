// The network families: shapes, training, the ONNX file and scoring.

export { featureSize, type NetworkFamily, type NetworkShape, networkFamilies } from "./architectures.js";
export { classWeights, defaultShape, defaultTraining, longestText } from "./defaults.js";
export { encoderOnnx, type NetworkScorer, type NetworkWeights, networkOnnx, openNetwork } from "./network-graph.js";
export { startTable } from "./start-table.js";
export { type EncodedRows, type NetworkTraining, type TrainedNetwork, trainNetwork } from "./train-network.js";
