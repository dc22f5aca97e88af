// The networks for language modelling: shapes, training, the ONNX file and scoring.
export { buildNetwork, tableName } from "./build-network.js";
export { lstmDecoder } from "./lstm-decoder.js";
export { encoderOnnx, type NetworkScorer, networkOnnx, openScorer } from "./network-graphs.js";
export { type NetworkWeights, parameterCount, parameterSpecs } from "./network-parameters.js";
export { type LstmShape, type NetworkShape, networkShapeSchema, type TransformerShape } from "./shape.js";
export { createTrainer, type Trainer, type TrainerArray, type TrainerOptions, type TrainerState } from "./trainer.js";
export { stateShapes } from "./training-graphs.js";
export { transformerDecoder } from "./transformer-decoder.js";
